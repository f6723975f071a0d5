import { isIPv6 } from 'node:net';
import type { Context } from 'hono';
import type { Config } from './config.ts';

/**
 * The network address a request comes from: of the socket, or what the outermost of our own `PROXIES` saw. Whatever
 * else stands in `X-Forwarded-For` was written by the sender. Undefined where there is no socket.
 */
export function remoteAddress(c: Context, { PROXIES }: Config): string | undefined {
  const forwarded = PROXIES > 0 ? c.req.header('X-Forwarded-For') : undefined;
  if (forwarded !== undefined) return forwarded.split(',').at(-PROXIES)?.trim();
  const env: { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } } = c.env ?? {}; // node-server's
  return env.incoming?.socket?.remoteAddress;
}

/**
 * What counts as one sender where senders are counted: an IPv4 address, or the /64 of an IPv6 address, within which a single
 * subscriber may take any address. IPv4 written as IPv6 is IPv4; what is no address stays as it is.
 */
export function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, ''); // the zone of a link-local address
  if (!isIPv6(bare)) return address;
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [left = [], right = []] = canonical.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff')
    return groups
      .slice(6)
      .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
      .join('.');
  return `${groups.slice(0, 4).join(':')}::/64`;
}
