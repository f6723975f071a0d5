import type { Auth } from './auth.ts';
import { cookieIn, signedText } from './signed_cookie.ts';

/** Whose password was right in a sign-in that waits for its second factor, by its cookie; undefined when it is none. */
export async function halfSignedIn(auth: Auth, cookies: string | undefined): Promise<string | undefined> {
  const { createAuthCookie, internalAdapter, secret } = await auth.$context;
  const cookie = cookieIn(cookies, `${createAuthCookie('two_factor').name}=`);
  const started = cookie === undefined ? undefined : signedText(cookie, secret);
  const kept = started === undefined ? undefined : await internalAdapter.findVerificationValue(started);
  const person = kept ? await internalAdapter.findUserById(kept.value) : undefined;
  return person?.email;
}
