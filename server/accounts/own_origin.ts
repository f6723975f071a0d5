import type { Context } from 'hono';
import type { Config } from '../config.ts';

/** The address people reach this server at: `PUBLIC_URL`, else what the request says. */
export function ownOrigin(c: Context, { PUBLIC_URL }: Config): string | undefined {
  return PUBLIC_URL ?? URL.parse(c.req.url)?.origin;
}

/**
 * Whether a page of this server made a request, by what browsers say of it and no page can forge. A request without
 * `Origin` comes from no page, or from one that only reads.
 */
export function isOwnPage(c: Context, config: Config): boolean {
  const origin = c.req.header('Origin');
  if (origin === undefined) return (c.req.header('Sec-Fetch-Site') ?? 'same-origin') === 'same-origin';
  return origin === ownOrigin(c, config);
}
