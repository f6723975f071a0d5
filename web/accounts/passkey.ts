import { fetchJson } from '../api/fetch_json.ts';

/** Whether this browser can use passkeys here: only on https and localhost. */
export const hasPasskeys: boolean =
  typeof PublicKeyCredential === 'function' && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function';

/** Signs in with a passkey of this device. False when the person thought better of it. Throws RequestFailed. */
export async function signInByPasskey(): Promise<boolean> {
  const options = await fetchJson<PublicKeyCredentialRequestOptionsJSON>(
    '/api/auth/passkey/generate-authenticate-options',
  );
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...options, userVerification: 'required' });
  const credential = await orNothing(navigator.credentials.get({ publicKey }));
  if (!credential) return false;
  await fetchJson('/api/auth/passkey/verify-authentication', {
    method: 'POST',
    body: { response: credential.toJSON() },
  });
  return true;
}

/** Makes a passkey on this device. False when the person thought better of it. Throws RequestFailed. */
export async function addPasskey(name: string): Promise<boolean> {
  const options = await fetchJson<PublicKeyCredentialCreationOptionsJSON>(
    '/api/auth/passkey/generate-register-options',
  );
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await orNothing(navigator.credentials.create({ publicKey }));
  if (!credential) return false;
  await fetchJson('/api/auth/passkey/verify-registration', {
    method: 'POST',
    body: { response: credential.toJSON(), name },
  });
  return true;
}

/** The credential, or null when the dialog was closed. */
async function orNothing(asking: Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    const credential = await asking;
    return credential instanceof PublicKeyCredential ? credential : null;
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError')) return null;
    throw error;
  }
}
