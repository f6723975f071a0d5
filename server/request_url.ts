import type { Context } from 'hono';
import { Problem } from './registry/problem.ts';

/**
 * The address of a request as whoever sent it wrote it, for links in the answer. Throws `bad_request` when its host is
 * none: `999.999.999.999` passes for a name until it is read as an address.
 */
export function requestUrl(c: Context): URL {
  const url = URL.parse(c.req.url);
  if (!url) throw new Problem('bad_request', "The 'Host' header names no host.");
  return url;
}
