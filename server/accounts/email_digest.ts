import { hash } from 'node:crypto';

/** What an e-mail address is told by where none may stand: SHA-256 of it in small letters, base64url. */
export function emailDigest(email: string): string {
  return hash('sha256', email.trim().toLowerCase(), 'base64url');
}
