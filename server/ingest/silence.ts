import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Layer } from '../registry/layer.ts';
import { cutOff } from './write_rows.ts';

/** Longest time between two looks for silent devices after which nobody knows whether they could be heard between. */
const gapMs = 120_000;

/** To be asked at each look: for how many milliseconds this process has been able to hear devices, so far as it knows. */
export function listening(): () => number {
  let since = 0;
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = Date.now();
    if (now - last > gapMs) since = now;
    last = now;
    return now - since;
  };
}

/**
 * Marks the things of a layer as cut off whose observation is stale, where its `link` says so. Not before we have listened
 * for as long as that takes: who spoke to a server that was down is not silent.
 */
export async function markSilent(db: Kysely<Database>, layer: Layer, heardMs: number): Promise<void> {
  const { id, link } = layer;
  if (!link?.silentWhenStale) return;
  const limit = secondsUntilStale(layer);
  await cutOff(
    id,
    link,
    sql`there.observed_at <= now() - make_interval(secs => ${limit}) and ${limit} <= ${heardMs / 1000}::float8`,
  ).execute(db);
}

/** After how many seconds the observation of a row is stale, as SQL about `there`; null of what does not age. */
function secondsUntilStale({ staleAfterMinutes, staleAfterBy }: Layer): RawBuilder<unknown> {
  const seconds = (minutes: number | null | undefined) =>
    sql`${minutes === null || minutes === undefined ? null : minutes * 60}::float8`;
  if (!staleAfterBy) return seconds(staleAfterMinutes);
  const cases = Object.entries(staleAfterBy.minutes).map(
    ([value, minutes]) => sql`when ${value} then ${seconds(minutes)}`,
  );
  const by = sql.ref(`there.${staleAfterBy.attribute}`);
  return sql`case ${by} ${sql.join(cases, sql` `)} else ${seconds(staleAfterMinutes)} end`;
}
