import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { Config } from '../config.ts';
import { viewerOf } from '../registry/viewer.ts';
import { remoteAddress } from '../remote_address.ts';
import type { Origin } from './record.ts';

/** Who asks, from where, in which request: its own `X-Request-Id` where it is a sound one, else a new one, told in the answer. */
export function originOf(c: Context, config: Config): Origin {
  const known: string | undefined = c.get('requestId'); // a request has one, however often it is asked
  const given = c.req.header('X-Request-Id');
  const requestId = known ?? (given !== undefined && /^[\w.-]{1,100}$/.test(given) ? given : randomUUID());
  c.set('requestId', requestId);
  c.header('X-Request-Id', requestId);
  return { viewer: viewerOf(c), address: remoteAddress(c, config), requestId };
}
