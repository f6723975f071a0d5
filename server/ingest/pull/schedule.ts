import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/connect.ts';
import type { Feed } from './feed.ts';
import type { FailureKind, Validators } from './fetch.ts';

/** Longer than any pull takes (`pull_feed.ts` gives up sooner): after it, a feed whose process died is due again. */
export const takenForMs = 5 * 60_000;
const longestPauseMinutes = 60;
const longestAskedPauseMs = 24 * 60 * 60_000;

/** A feed that this process alone may pull now. */
export interface Turn {
  readonly feed: Feed;
  readonly token: string;
  readonly failures: number;
  /** By address. */
  readonly validators: Readonly<Record<string, Validators>>;
}

/** Puts a feed that was never pulled on the schedule, due at once. */
export async function enterFeed(db: Kysely<Database>, { id }: Feed): Promise<void> {
  await sql`insert into feed (id) values (${id}) on conflict do nothing`.execute(db);
}

/** Takes a feed, if it is due and no other process has it. */
export async function takeTurn(db: Kysely<Database>, feed: Feed): Promise<Turn | undefined> {
  const token = randomUUID();
  const { rows } = await sql<{ failures: number; validators: Record<string, Validators> }>`
    update feed set taken_by = ${token}::uuid, last_run = now(), next_run = now() + ${interval(takenForMs)}
    where id = (
      select id from feed where id = ${feed.id} and next_run <= now() and not paused for update skip locked)
    returning failures, validators`.execute(db);
  const [row] = rows;
  return row && { feed, token, ...row };
}

/** How a turn went. */
interface Ending {
  readonly validators: Readonly<Record<string, Validators>>;
  /** The source answered; there may have been nothing to ask. */
  readonly heard: boolean;
  /** Absent: nothing was new. */
  readonly result?: object;
  /** How long the source wants to be left alone. */
  readonly pauseMs?: number;
}

/**
 * Ends a turn that went well, in the transaction that wrote what it brought.
 * @throws Error when the feed has gone to another process meanwhile: then nothing of this may stay.
 */
export async function endTurn(trx: Kysely<Database>, { feed, token, failures }: Turn, ending: Ending): Promise<void> {
  const { validators, heard, result, pauseMs = 0 } = ending;
  const pause = Math.max(feed.everyMinutes * 60_000, Math.min(pauseMs, longestAskedPauseMs));
  const { rows } = await sql`
    update feed set taken_by = null, last_success = case when ${heard}::boolean then now() else last_success end,
      failures = 0, last_error = null, failure = null,
      next_run = now() + ${interval(pause)}, due_at = now() + ${interval(pause)}, validators = ${JSON.stringify(validators)}::text::jsonb,
      last_result = coalesce(${result === undefined ? null : JSON.stringify(result)}::text::jsonb, last_result)
    where id = ${feed.id} and taken_by = ${token}::uuid returning id`.execute(trx);
  if (rows.length === 0) throw new Error('another process has the feed meanwhile');
  // There is a network again: those that nobody answered at are asked at once, not when their pause is over.
  if (heard && failures > 0)
    await sql`update feed set next_run = now() where failure = 'unreachable' and taken_by is null and next_run > now()`.execute(
      trx,
    );
}

/** Ends a turn that failed: the pause doubles with each failure, up to what suits the feed, or is as long as the source asks for. */
export async function failTurn(
  db: Kysely<Database>,
  { feed, token, failures }: Turn,
  kind: FailureKind,
  reason: string,
  retryAfterMs = 0,
): Promise<void> {
  const { everyMinutes, mostPauseMinutes = longestPauseMinutes } = feed;
  const pause = 60_000 * Math.min(mostPauseMinutes, everyMinutes * 2 ** Math.min(failures, 10));
  const why = reason.replaceAll('\0', '').slice(0, 1000);
  await sql`
    update feed set taken_by = null, failures = failures + 1, last_error = ${why}, failure = ${kind},
      failed_at = now(), failed_because = ${why},
      next_run = now() + ${interval(Math.max(pause, Math.min(retryAfterMs, longestAskedPauseMs)))}
    where id = ${feed.id} and taken_by = ${token}::uuid`.execute(db);
}

/** Gives a turn back that the end of the process cut short: the next one takes it at once. */
export async function returnTurn(db: Kysely<Database>, { feed, token }: Turn): Promise<void> {
  await sql`update feed set taken_by = null, next_run = now() where id = ${feed.id} and taken_by = ${token}::uuid`.execute(
    db,
  );
}

/** Makes a feed due, with everything it has, as if it was never asked; whether there is one that is not being pulled. */
export async function makeDue(db: Kysely<Database>, id: string): Promise<boolean> {
  const { rows } = await sql`
    update feed set next_run = now(), validators = '{}'
    where id = ${id} and not paused and (taken_by is null or next_run <= now()) returning id`.execute(db);
  return rows.length > 0;
}

/** Switches a feed off until it is switched on again: then it is due. */
export async function pauseFeed(db: Kysely<Database>, id: string, paused: boolean): Promise<void> {
  await sql`insert into feed (id, paused) values (${id}, ${paused})
    on conflict (id) do update set paused = excluded.paused,
      next_run = case when feed.paused and not excluded.paused then now() else feed.next_run end,
      due_at = case when feed.paused and not excluded.paused then now() else feed.due_at end`.execute(db);
}

/** Milliseconds until a feed is due; 0 when it is. */
export async function untilNextTurn(db: Kysely<Database>, { id }: Feed): Promise<number> {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from next_run - now()) * 1000)::float8 as ms
    from feed where id = ${id} and not paused`.execute(db);
  return Math.max(0, rows[0]?.ms ?? Number.POSITIVE_INFINITY);
}

const interval = (ms: number) => sql`make_interval(secs => ${ms / 1000}::float8)`;
