import { createHmac, timingSafeEqual } from 'node:crypto';

/** The text in a signed cookie's value, `text.signature` (HMAC-SHA-256, as better-auth signs); undefined when we did not sign it. */
export function signedText(cookie: string, secret: string): string | undefined {
  const value = decoded(cookie);
  const dot = value.lastIndexOf('.');
  if (dot < 1) return undefined;
  const text = value.slice(0, dot);
  const given = Buffer.from(value.slice(dot + 1), 'base64');
  const signature = createHmac('sha256', secret).update(text).digest();
  return given.length === signature.length && timingSafeEqual(given, signature) ? text : undefined;
}

function decoded(cookie: string): string {
  try {
    return decodeURIComponent(cookie);
  } catch {
    return '';
  }
}

/** The value of a cookie in the header, without building a map of all of them. `name` ends with `=`. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  let start = header.indexOf(name);
  while (start > 0 && header[start - 1] !== ' ' && header[start - 1] !== ';') start = header.indexOf(name, start + 1);
  if (start < 0) return undefined;
  const end = header.indexOf(';', start);
  return header.slice(start + name.length, end < 0 ? undefined : end);
}
