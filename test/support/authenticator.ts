import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Client } from './people.ts';

/** Where the tests' pages are, and the name that their passkeys belong to. */
const page = 'http://localhost';
const name = 'localhost';
/** The device saw its owner and asked for them (WebAuthn, 6.1: UP, UV). */
const present = 0x05;
const withCredential = 0x40;

/** A device with one passkey (WebAuthn level 2; ES256, no attestation). */
export interface Authenticator {
  /** Adds its passkey to the account of who is signed in; the answer to it. */
  readonly add: (browser: Client) => Promise<Response>;
  /** Signs in with it; `origin`: of the page that the device is told of, ours unless said. */
  readonly signIn: (browser: Client, headers?: Record<string, string>, origin?: string) => Promise<Response>;
}

export function authenticator(): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(16);
  const dataOf = (flags: number, rest = Buffer.alloc(0)) =>
    Buffer.concat([createHash('sha256').update(name).digest(), Buffer.from([flags, 0, 0, 0, 0]), rest]);
  const clientData = (type: string, challenge: string, from: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: from, crossOrigin: false }));
  const credential = (response: Readonly<Record<string, Buffer>>) => ({
    ...{
      id: id.toString('base64url'),
      rawId: id.toString('base64url'),
      type: 'public-key',
      clientExtensionResults: {},
    },
    response: Object.fromEntries(Object.entries(response).map(([key, bytes]) => [key, bytes.toString('base64url')])),
  });
  return {
    async add(browser) {
      const asked = await browser.ask('GET', '/api/auth/passkey/generate-register-options');
      if (!asked.ok) return asked;
      const { challenge } = await asked.json();
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      // RFC 9053, 7.1.1: EC2, ES256, P-256.
      const key = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01];
      const point = [
        cborNegative(-2),
        cborBytes(Buffer.from(x, 'base64url')),
        cborNegative(-3),
        cborBytes(Buffer.from(y, 'base64url')),
      ];
      const attested = [Buffer.alloc(16), Buffer.from([0, id.length]), id, Buffer.from(key), ...point];
      const authData = dataOf(present | withCredential, Buffer.concat(attested));
      const attestationObject = Buffer.concat([
        Buffer.from([0xa3]),
        ...[cborText('fmt'), cborText('none'), cborText('attStmt'), Buffer.from([0xa0])],
        ...[cborText('authData'), cborBytes(authData)],
      ]);
      const clientDataJSON = clientData('webauthn.create', challenge, page);
      const response = credential({ clientDataJSON, attestationObject });
      return browser.ask('POST', '/api/auth/passkey/verify-registration', { response, name: 'uji' });
    },
    async signIn(browser, headers = {}, from = page) {
      const asked = await browser.ask('GET', '/api/auth/passkey/generate-authenticate-options');
      const { challenge } = await asked.json();
      const clientDataJSON = clientData('webauthn.get', challenge, from);
      const authenticatorData = dataOf(present);
      const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientDataJSON).digest()]);
      const signature = sign('sha256', signed, privateKey);
      const response = credential({ clientDataJSON, authenticatorData, signature });
      return browser.ask('POST', '/api/auth/passkey/verify-authentication', { response }, headers);
    },
  };
}

/** A small negative number of CBOR (RFC 8949, 3.1). */
function cborNegative(negative: number): Buffer {
  return Buffer.from([0x20 | (-1 - negative)]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 | text.length]), Buffer.from(text)]);
}

/** Of 24 to 255 bytes. */
function cborBytes(given: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x58, given.length]), given]);
}
