import { hash } from 'node:crypto';

/**
 * `Cache-Control` of what depends on who asks: the browser keeps it and asks each time whether it still holds, a cache that
 * others share keeps nothing of it.
 */
export const ownAnswer = 'private, no-cache';

/** A name of this very content, however it is coded on the way: weak. */
export function contentEtag(content: string | Uint8Array): string {
  return `W/"${hash('sha1', content, 'base64url').slice(0, 20)}"`;
}

/** Whether an `If-None-Match` header names the tag, compared weakly (RFC 9110, 13.1.2). */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  if (header === etag || header.trim() === '*') return true;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.split(',').some((tag) => opaque(tag) === opaque(etag));
}
