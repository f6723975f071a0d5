import type { LiveState } from './live_connection.ts';

/** A ping comes every 15 s; a picture older than this is not live, whatever the connection says. */
export const staleMs = 20_000;

/** How the picture stands at a time (of the server, milliseconds since 1970): `stale` is a connection that has brought nothing for too long. */
export function standing(
  { link, pictureAt }: Pick<LiveState, 'link' | 'pictureAt'>,
  now: number,
): 'connecting' | 'live' | 'stale' | 'offline' {
  if (link === 'offline') return 'offline';
  if (pictureAt !== null && now - pictureAt > staleMs) return 'stale';
  return link;
}

/**
 * When the picture was true (by the server's clock, milliseconds since 1970), 0 if that is not known: what events told, and without a connection also
 * when the list of layers was read, for then the map asks again for what it says has changed. On a connection that has gone
 * silent the map waits for events alone, so a list that still comes makes nothing on it newer.
 */
export function pictureTime({ link, pictureAt }: Pick<LiveState, 'link' | 'pictureAt'>, catalogueAt: number): number {
  return Math.max(pictureAt ?? 0, link === 'live' ? 0 : catalogueAt);
}
