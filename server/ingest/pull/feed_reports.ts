import { sql } from 'kysely';
import type { Parts } from '../../parts.ts';
import type { Bilingual } from '../../registry/attribute.ts';
import { roleIs } from '../../registry/role.ts';
import { isInside, type Viewer } from '../../registry/viewer.ts';
import { feeds } from './feeds.ts';
import type { FailureKind } from './fetch.ts';
import { takenForMs } from './schedule.ts';
import type { Result } from './write.ts';

const shownFaults = 20;

/** A record that could not be used. */
export interface ShownFault {
  /** RFC 3339. */
  readonly at: string;
  /** How often it came. */
  readonly times: number;
  readonly key: string | null;
  readonly reason: string;
  /** As it came, cut at 2,000 characters. */
  readonly record: string | null;
}

/** How an outside feed goes. Times are RFC 3339. */
export interface FeedReport {
  readonly id: string;
  readonly title: Bilingual;
  readonly attribution: string;
  readonly layer: string;
  readonly layerTitle: Bilingual;
  readonly everyMinutes: number;
  /** `FEEDS` names it. */
  readonly enabled: boolean;
  /** An operator has switched it off. */
  readonly paused: boolean;
  /** Somebody is asking the source just now. */
  readonly pulling: boolean;
  readonly lastRun: string | null;
  readonly lastSuccess: string | null;
  /** Seconds since the source was last heard. */
  readonly age: number | null;
  readonly nextRun: string | null;
  /** It should have been pulled long ago: no pull failed, but none went well either. */
  readonly overdue: boolean;
  /** Pulls that failed in a row. */
  readonly failures: number;
  readonly failure: FailureKind | null;
  /** Of the last pull that brought something. */
  readonly lastResult: (Omit<Result, 'faults'> & { readonly faults: number }) | null;
  /** For insiders: why it fails, the last failure even if it goes well now, and what could not be used. */
  readonly lastError?: string | null;
  readonly lastFailure?: { readonly at: string; readonly reason: string } | null;
  readonly faults?: readonly ShownFault[];
}

interface Row {
  readonly id: string;
  readonly paused: boolean;
  readonly pulling: boolean;
  readonly last_run: Date | null;
  readonly last_success: Date | null;
  readonly next_run: Date;
  readonly age_s: number | null;
  readonly late_s: number;
  readonly failures: number;
  readonly failure: FailureKind | null;
  readonly last_error: string | null;
  readonly failed_at: Date | null;
  readonly failed_because: string | null;
  readonly last_result: FeedReport['lastResult'];
  readonly faults: readonly ShownFault[] | null;
}

/** How late a pull may be: two more turns, and never less than one may take. */
const lateMs = (everyMinutes: number) => Math.max(2 * everyMinutes * 60_000, takenForMs);

/** Whether a viewer may ask for a pull and switch feeds off. */
export function mayManageFeeds({ grants }: Viewer): boolean {
  return grants.some(({ role }) => roleIs(role, 'managesFeeds'));
}

/** The feeds of layers that a viewer sees, and how they go. */
export async function feedReports(
  { registry, config, connection }: Pick<Parts, 'registry' | 'config' | 'connection'>,
  viewer: Viewer,
): Promise<FeedReport[]> {
  const { rows } = await sql<Row>`
    select id, paused, taken_by is not null and next_run > now() as pulling, last_run, last_success, next_run, failures,
      failure, last_error, failed_at, failed_because, last_result,
      extract(epoch from now() - last_success)::float8 as age_s, extract(epoch from now() - due_at)::float8 as late_s,
      (select to_jsonb(array_agg(to_jsonb(fault) order by at desc)) from (
        select at, times, key, reason, record from feed_fault where feed = feed.id order by at desc limit ${sql.lit(shownFaults)}
      ) as fault) as faults
    from feed`.execute(connection.db);
  const known = new Map(rows.map((row) => [row.id, row]));
  const inside = isInside(viewer);
  return feeds.flatMap(({ id, title, attribution, layer: layerId, everyMinutes }): FeedReport[] => {
    const layer = registry.seen(layerId, viewer)?.layer;
    if (!layer) return [];
    const row = known.get(id);
    const enabled = config.FEEDS.includes(id);
    return [
      {
        ...{ id, title, attribution, layer: layerId, layerTitle: layer.title, everyMinutes, enabled },
        paused: row?.paused ?? false,
        pulling: enabled && (row?.pulling ?? false),
        lastRun: row?.last_run?.toISOString() ?? null,
        lastSuccess: row?.last_success?.toISOString() ?? null,
        age: row?.age_s == null ? null : Math.round(row.age_s),
        nextRun: enabled && !row?.paused ? (row?.next_run.toISOString() ?? null) : null,
        overdue: enabled && !row?.paused && (row?.late_s ?? 0) * 1000 > lateMs(everyMinutes),
        failures: row?.failures ?? 0,
        failure: row?.failure ?? null,
        lastResult: row?.last_result ?? null,
        ...(inside && {
          lastError: row?.last_error ?? null,
          lastFailure: row?.failed_at ? { at: row.failed_at.toISOString(), reason: row.failed_because ?? '' } : null,
          faults: row?.faults ?? [],
        }),
      },
    ];
  });
}
