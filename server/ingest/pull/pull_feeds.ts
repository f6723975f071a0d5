import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../../database/connect.ts';
import { transaction } from '../../database/transaction.ts';
import type { Parts } from '../../parts.ts';
import { letPass } from '../pass.ts';
import { listening, markSilent } from '../silence.ts';
import type { Feed } from './feed.ts';
import { feeds } from './feeds.ts';
import { pullFeed } from './pull_feed.ts';
import { enterFeed, takeTurn, untilNextTurn } from './schedule.ts';

/** How often is looked for what is over, and for a feed that another process may have left. */
const longestWaitMs = 30_000;
const shortestWaitMs = 200;

type Needed = Pick<Parts, 'connection' | 'registry' | 'config' | 'log'>;

/** Feeds that are being pulled. */
export interface Pulling {
  /** Cuts pulls short and gives them back; resolves when nothing of it uses the database any more. */
  close(): Promise<void>;
}

/**
 * Pulls each of `FEEDS` whenever it is due, however slow the others are, and deletes what is over, until closed. Any number of
 * processes may: each pull is one's. A source that does not answer is a normal state: told once, not each time.
 */
export function pullFeeds(parts: Needed, all: readonly Feed[] = feeds): Pulling {
  const ending = new AbortController();
  const { signal } = ending;
  const pulled = all.filter(({ id }) => parts.config.FEEDS.includes(id));
  const attempt = complainingOnce(parts, signal);
  const heardMs = listening();
  const running = [
    again(parts, signal, () => attempt(() => advanceAll(parts, all, heardMs))),
    ...pulled.map((feed) => again(parts, signal, () => attempt(() => pullWhileDue(parts, feed, signal)))),
  ];
  return {
    async close() {
      ending.abort();
      await Promise.all(running);
    },
  };
}

/** Who waits until a feed is due in this process, by connection. */
const sleepers = new WeakMap<Connection, AbortController>();

function wakeable(connection: Connection): AbortSignal {
  const sleeper = sleepers.get(connection);
  if (sleeper && !sleeper.signal.aborted) return sleeper.signal;
  const next = new AbortController();
  sleepers.set(connection, next);
  return next.signal;
}

/** Looks for feeds that are due now. Another process notices within 30 s. */
export function wakeFeeds(connection: Connection): void {
  sleepers.get(connection)?.abort();
}

/** Does something until closed, each time after as many milliseconds as it says, or when woken. */
async function again({ connection }: Needed, signal: AbortSignal, run: () => Promise<number>): Promise<void> {
  while (!signal.aborted) {
    const woken = AbortSignal.any([signal, wakeable(connection)]); // also while it runs
    const waitMs = Math.min(longestWaitMs, Math.max(shortestWaitMs, await run()));
    await wait(waitMs, undefined, { signal: woken, ref: false }).catch(() => {}); // closed or woken
  }
}

/** Runs what may meet a database that is away; told once for all, until it is back. */
function complainingOnce({ log }: Needed, signal: AbortSignal) {
  let complained = false;
  return async (run: () => Promise<number>): Promise<number> => {
    try {
      const waitMs = await run();
      complained = false;
      return waitMs;
    } catch (error) {
      if (!complained && !signal.aborted) log.warn({ err: error }, 'feeds wait for the database');
      complained = true;
      return longestWaitMs;
    }
  };
}

/** Pulls a feed as long as it is due; milliseconds until it is again. */
async function pullWhileDue(parts: Needed, feed: Feed, signal: AbortSignal): Promise<number> {
  const { db } = parts.connection;
  await enterFeed(db, feed);
  for (;;) {
    const turn = signal.aborted ? undefined : await takeTurn(db, feed);
    if (!turn) return untilNextTurn(db, feed);
    const outcome = await pullFeed(parts, turn, signal);
    if (!outcome.ok && turn.failures === 0) parts.log.info(`feed ${feed.id} cannot be pulled: ${outcome.reason}`);
    if (outcome.ok && turn.failures > 0) {
      parts.log.info(`feed ${feed.id} is pulled again`);
      wakeFeeds(parts.connection);
    }
  }
}

/** What time alone changes: rows that are over leave or alarm no longer, others tell of the hour that has come or of silence. */
async function advanceAll(
  { connection, registry }: Needed,
  all: readonly Feed[],
  heardMs: () => number,
): Promise<number> {
  for (const layer of registry.layers) await letPass(connection.db, layer);
  const ms = heardMs(); // behind that, which fails while the database is away
  for (const layer of registry.layers) await markSilent(connection.db, layer, ms);
  for (const { layer, advance } of all) if (advance && registry.layer(layer)) await transaction(connection.db, advance);
  return longestWaitMs;
}
