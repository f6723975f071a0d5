import type { Context } from 'hono';
import { routePath } from 'hono/route';
import { transaction } from '../database/transaction.ts';
import type { Parts } from '../parts.ts';
import { rememberedFor } from './looks.ts';
import { originOf } from './origin.ts';
import { record } from './record.ts';

/** Somebody who tries the same of one thing after another is one entry. */
const sameTryMs = 10 * 60_000;

/** Writes into the audit trail that somebody was refused what they may not do. */
export type NoteDenial = (c: Context) => Promise<void>;

/** Notes what is answered with 403: who, from where, and what was asked; not what was sent with it. */
export function denials({ connection, config, log }: Pick<Parts, 'connection' | 'config' | 'log'>): NoteDenial {
  const tries = rememberedFor(sameTryMs);
  return async (c) => {
    const origin = originOf(c, config);
    const who = origin.viewer.person?.id ?? origin.address ?? '';
    const same = JSON.stringify([who, c.req.method, routePath(c)]);
    if (tries.has(same)) return;
    tries.add(same); // before: many at once are one as well
    const after = { method: c.req.method, path: c.req.path.slice(0, 200) };
    await transaction(connection.db, (trx) => record(trx, origin, { action: 'denied', after })).catch(
      (error: unknown) =>
        // Refused it is in any case.
        log.error({ err: error }, 'a refusal could not be written into the audit trail'),
    );
  };
}
