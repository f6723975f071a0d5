import { retried } from '../../database/retried.ts';
import { transaction } from '../../database/transaction.ts';
import type { Parts } from '../../parts.ts';
import type { Layer } from '../../registry/layer.ts';
import { type Brought, bring, nothingYet } from './bring.ts';
import type { Feed } from './feed.ts';
import { type FailureKind, FetchFailure } from './fetch.ts';
import { keepFaults, keepPayload } from './keep.ts';
import { endTurn, failTurn, returnTurn, type Turn } from './schedule.ts';
import { writeRecords } from './write.ts';

const longestPullMs = 4 * 60_000;

type Outcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Pulls the feed of a turn: everything it brings within `longestMs` is there afterwards, or nothing, and the schedule knows
 * which.
 */
export async function pullFeed(
  { connection, registry, config }: Pick<Parts, 'connection' | 'registry' | 'config'>,
  turn: Turn,
  signal: AbortSignal,
  longestMs = longestPullMs,
): Promise<Outcome> {
  const { feed } = turn;
  const { db } = connection;
  const brought = nothingYet();
  try {
    const layer = layerOf(registry.layer(feed.layer), feed);
    await bring(db, config, turn, brought, { ending: signal, over: AbortSignal.timeout(longestMs) });
    await retried(() =>
      transaction(db, async (trx) => {
        const validators = { ...turn.validators, ...brought.validators };
        const { heard, retryAfterMs } = brought;
        if (brought.payloads.length === 0 && brought.faults.length === 0)
          return endTurn(trx, turn, { validators, heard: heard > 0 });
        const result = await writeRecords(trx, feed, layer, config.REGION_BBOX, [
          ...brought.parsed,
          { records: [], faults: brought.faults },
        ]);
        for (const payload of brought.payloads) await keepPayload(trx, feed, payload);
        for (const { payload, reason } of brought.unusable) await keepPayload(trx, feed, payload, reason);
        await keepFaults(trx, feed, result.faults);
        const counts = { ...result, faults: result.faults.length };
        await endTurn(trx, turn, { validators, heard: heard > 0, result: counts, pauseMs: retryAfterMs });
      }),
    );
    return { ok: true };
  } catch (error) {
    if (signal.aborted) {
      await returnTurn(db, turn);
      return { ok: true };
    }
    await keepUnusable(db, feed, brought);
    const reason = error instanceof Error ? error.message : String(error);
    await failTurn(db, turn, kindOf(error), reason, brought.retryAfterMs);
    return { ok: false, reason };
  }
}

async function keepUnusable(db: Parts['connection']['db'], feed: Feed, { unusable }: Brought): Promise<void> {
  await transaction(db, async (trx) => {
    for (const { payload, reason } of unusable) await keepPayload(trx, feed, payload, reason);
  });
}

function kindOf(error: unknown): FailureKind {
  if (error instanceof FetchFailure) return error.kind;
  return error instanceof Error && error.name === 'TimeoutError' ? 'unreachable' : 'unusable';
}

function layerOf(layer: Layer | undefined, { id, layer: wanted }: Feed): Layer {
  if (!layer) throw new Error(`there is no layer '${wanted}' for the feed '${id}'`);
  return layer;
}
