import { sql } from 'kysely';
import type { Connection } from '../database/connect.ts';
import { visibleChanges } from '../registry/actions/conflict.ts';
import { linksOf } from '../registry/actions/parts.ts';
import type { Bilingual } from '../registry/attribute.ts';
import { hiddenIn, maskColumns, rowsOf } from '../registry/filter/filter.ts';
import type { Registry } from '../registry/registry.ts';
import type { Role } from '../registry/role.ts';
import type { View } from '../registry/view.ts';
import type { Viewer } from '../registry/viewer.ts';
import { actorName, type PeopleTold, peopleTold } from './people_told.ts';
import { actTitle } from './titles.ts';

/** Which entries are asked for. */
export interface AuditQuery {
  /** A part of the name, or the whole id, of whoever acted. */
  readonly person?: string;
  readonly layer?: string;
  readonly feature?: number;
  readonly action?: string;
  /** From this moment, and before that one. */
  readonly from?: Date;
  readonly to?: Date;
  /** Only entries older than the one of this number. */
  readonly before?: number;
  readonly limit: number;
}

/** An entry as its reader may see it. */
export interface AuditEntry {
  readonly id: number;
  readonly n: number;
  readonly at: string;
  readonly actor: string | null;
  readonly actor_name: string | null;
  /** Whoever acted was removed since: the name is not told any more. */
  readonly removed: boolean;
  /** Whose account it was about, with the name as it is now. */
  readonly account: PeopleTold['account'];
  readonly roles: readonly Role[];
  readonly address: string | null;
  readonly action: string;
  /** What the action is called. */
  readonly title: Bilingual | null;
  readonly layer: string | null;
  readonly feature: number | null;
  readonly version: number | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  /** How many values of it the reader's own view hides. */
  readonly hidden: number;
  readonly reason: string | null;
  readonly case_id: string | null;
  readonly request_id: string | null;
  readonly undoes: number | null;
  readonly confirms: number | null;
  /** Id of the entry of the one act that this one belongs to, where that was done to several features; and there, these. */
  readonly part_of: number | null;
  readonly parts: readonly number[];
  readonly hash: string;
}

type Stored = Omit<AuditEntry, 'at' | 'hidden' | 'title' | 'part_of' | 'parts' | 'removed' | 'account'> & {
  readonly at: Date;
};

/**
 * Entries of the audit trail, newest first. Who acted, when and on what is told of every one; of before and after only the
 * values that the reader may see in the feature as it is now, and of one that is gone what they may see in every row.
 */
export async function auditEntries(
  { db }: Connection,
  registry: Registry,
  viewer: Viewer,
  query: AuditQuery,
): Promise<AuditEntry[]> {
  const { person, layer, feature, action, from, to, before, limit } = query;
  const like = person && `%${person.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const conditions = [
    ...(person === undefined ? [] : [sql`(actor = ${person} or ${actorName} ilike ${like})`]),
    ...(layer === undefined ? [] : [sql`layer = ${layer}`]),
    ...(feature === undefined ? [] : [sql`feature = ${feature}::bigint`]),
    ...(action === undefined ? [] : [sql`action = ${action}`]),
    ...(from === undefined ? [] : [sql`at >= ${from.toISOString()}::timestamptz`]),
    ...(to === undefined ? [] : [sql`at < ${to.toISOString()}::timestamptz`]),
    ...(before === undefined ? [] : [sql`n < ${before}::bigint`]),
  ];
  const { rows } = await sql<Stored>`
    select id, n, at, actor, actor_name, roles, address, action, layer, feature, version, before, after, reason, case_id,
      request_id, undoes, confirms, hash
    from audit where ${sql.join([sql`true`, ...conditions], sql` and `)}
    order by n desc limit ${sql.lit(limit)}`.execute(db);
  const features = await seenFeatures(db, registry, viewer, rows);
  const people = await peopleTold(db, rows);
  return rows.map((row) => ({
    ...asSeen(row, features, people(row)),
    title: actTitle(row.layer === null ? undefined : registry.layer(row.layer), row.action),
  }));
}

/** Of each layer that entries speak of: its view, and which attributes each of those features hides. */
type Features = ReadonlyMap<string, { readonly view: View; readonly hidden: ReadonlyMap<number, ReadonlySet<string>> }>;

async function seenFeatures(
  db: Connection['db'],
  registry: Registry,
  viewer: Viewer,
  rows: readonly Stored[],
): Promise<Features> {
  const found = new Map<string, { view: View; hidden: ReadonlyMap<number, ReadonlySet<string>> }>();
  const ofLayers = Map.groupBy(
    rows.filter(({ layer, feature }) => layer !== null && feature !== null),
    ({ layer }) => String(layer),
  );
  for (const [id, entries] of ofLayers) {
    const view = registry.seen(id, viewer);
    if (!view) continue;
    const ids = sql.join(entries.map(({ feature }) => sql`${feature}::bigint`));
    const { rows: seen } = await sql<{ id: number } & Record<string, unknown>>`
      select id ${maskColumns(view)} from ${sql.table(id)}
      where id in (${ids}) and ${rowsOf(view)}`.execute(db);
    const hidden = seen.map((row) => [row.id, hiddenIn(view, row)] as const);
    found.set(id, { view, hidden: new Map(hidden) });
  }
  return found;
}

function asSeen(
  { at, before, after, ...entry }: Stored,
  features: Features,
  people: PeopleTold,
): Omit<AuditEntry, 'title'> {
  const { actor_name, removed } = people;
  const [from, to] = [linksOf(before ?? {}), linksOf(after ?? {})];
  const parts = [...from.parts, ...to.parts].map(({ id }) => id);
  const told = { ...entry, actor_name, removed, account: null, at: at.toISOString(), part_of: to.partOf, parts };
  // Entries of no feature (sign-ins, roles, reading) hold no values of any.
  if (entry.layer === null || entry.feature === null) return { ...told, ...people, hidden: 0 };
  const of = features.get(entry.layer);
  const keys = new Set([from, to].flatMap(({ values }) => Object.keys(values)));
  const visible = new Set(of ? visibleIn(of, entry.feature, keys) : []);
  const seen = (values: AuditEntry['after']) =>
    values && Object.fromEntries(Object.entries(values).filter(([key]) => visible.has(key)));
  return { ...told, before: seen(before), after: seen(after), hidden: keys.size - visible.size };
}

function visibleIn({ view, hidden }: NonNullable<ReturnType<Features['get']>>, id: number, keys: ReadonlySet<string>) {
  const ofRow = hidden.get(id);
  // Deleted, or not shown: of a view that hides rows nothing can be told, of another what it shows in all of them.
  if (!ofRow && view.where !== undefined) return [];
  return visibleChanges(view, keys, ofRow ?? new Set(view.masks.keys()));
}
