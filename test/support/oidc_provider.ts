import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll } from 'vitest';

/** Whom the provider vouches for. */
export interface Claims {
  readonly sub: string;
  readonly email: string;
  /** What providers say of it, though only `true` is a word of theirs. */
  readonly email_verified: unknown;
  readonly name: string;
}

/** A small OpenID Connect provider on a free port: code flow with PKCE, signed ID tokens. Ends with the test file. */
export interface OidcProvider {
  readonly issuer: string;
  /** Who is at the provider's keyboard. */
  claims: Claims;
  /** What it puts into the next ID tokens instead of the truth. */
  lies: { readonly nonce?: string; readonly aud?: string };
}

export const oidcClient = { id: 'pendopo', secret: 'rahasia-penyedia' };

export async function oidcProvider(): Promise<OidcProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  /** A JWT (RFC 7519), signed RS256. */
  const signed = (payload: object) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', kid: 'one' })}.${part(payload)}`;
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  };
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' };
  const codes = new Map<string, { challenge: string; nonce: string | null; redirect: string }>();
  const provider: OidcProvider = {
    issuer: '',
    claims: { sub: '1', email: '', email_verified: true, name: '' },
    lies: {},
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', provider.issuer);
    const json = (body: unknown, status = 200) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration')
      return json({
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        userinfo_endpoint: `${provider.issuer}/userinfo`,
        jwks_uri: `${provider.issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    if (url.pathname === '/jwks') return json({ keys: [jwk] });
    if (url.pathname === '/userinfo') return json(provider.claims);
    if (url.pathname === '/authorize') {
      const redirect = url.searchParams.get('redirect_uri') ?? '';
      const code = `code-${codes.size}`;
      const challenge = url.searchParams.get('code_challenge') ?? '';
      codes.set(code, { challenge, nonce: url.searchParams.get('nonce'), redirect });
      const back = new URL(redirect);
      back.searchParams.set('code', code);
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      return response.writeHead(302, { Location: back.href }).end();
    }
    if (url.pathname !== '/token') return json({ error: 'not_found' }, 404);
    let text = '';
    for await (const chunk of request) text += chunk;
    const form = new URLSearchParams(text);
    const known = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isClient = form.get('client_id') === oidcClient.id && form.get('client_secret') === oidcClient.secret;
    if (!known || !isClient || verifier !== known.challenge || form.get('redirect_uri') !== known.redirect)
      return json({ error: 'invalid_grant' }, 400);
    const { nonce = known.nonce, aud = oidcClient.id } = provider.lies;
    const now = Math.floor(Date.now() / 1000);
    const token = signed({
      ...provider.claims,
      ...(nonce !== null && { nonce }),
      ...{ iss: provider.issuer, aud, iat: now, exp: now + 300 },
    });
    return json({ access_token: 'access', token_type: 'Bearer', expires_in: 300, id_token: token });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the provider has no port');
  return Object.assign(provider, { issuer: `http://127.0.0.1:${address.port}` });
}
