import { type Kysely, sql } from 'kysely';
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
 * Marks the things of a layer as cut off of which nothing was observed for as long as its `link` allows. Not before we
 * have listened for that long: who spoke to a server that was down is not silent.
 */
export async function markSilent(db: Kysely<Database>, { id, link }: Layer, heardMs: number): Promise<void> {
  const minutes = link?.silentAfterMinutes;
  if (!link || minutes === undefined || heardMs < minutes * 60_000) return;
  await cutOff(id, link, sql`there.observed_at <= now() - make_interval(secs => ${minutes * 60}::float8)`).execute(db);
}
