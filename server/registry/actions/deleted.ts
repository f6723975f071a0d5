import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Logger } from 'pino';
import { type Entry, record } from '../../audit/record.ts';
import type { Database } from '../../database/connect.ts';
import { maskColumns, rowsOf } from '../filter/filter.ts';
import { attributesOf, type Layer } from '../layer.ts';
import type { View } from '../view.ts';
import { type Acting, type Done, entryOf } from './acting.ts';
import { told } from './before_after.ts';
import { visibleChanges } from './conflict.ts';
import type { StoredRow } from './row.ts';

/** How long what was deleted can be restored. */
export const restorableDays = 30;

/** Columns of a layer's table besides its attributes and `geom`. */
const common = ['code', 'created_at', 'observed_at', 'agency', 'area_code', 'source'];

/** The columns that a deleted row is kept with: all that was written, not what the database derives. */
export function keptColumns(layer: Layer): string[] {
  const written = [...attributesOf(layer)].filter(([, { derived }]) => !derived);
  return [...common, ...written.map(([key]) => key)];
}

/**
 * Takes a row out of its layer, and so out of every output at once, and keeps it as it was. The version goes up, so that
 * who restores it cannot meet one that was seen before. `after`: what ties its entry to others.
 */
export async function deleteRow(
  { origin, trx, view, wish }: Acting,
  row: StoredRow,
  after: Entry['after'] = {},
): Promise<Done> {
  const { layer } = view;
  const columns = sql.join(keptColumns(layer).map((key) => sql.id(key)));
  const version = row.version + 1;
  await sql`
    with gone as (delete from ${sql.table(layer.id)} where id = ${row.id}::bigint returning geom, ${columns})
    insert into deleted_feature (layer, feature, version, geom, attributes)
    select ${layer.id}, ${row.id}::bigint, ${version}::int, geom,
      (select to_jsonb(kept) from (select ${columns}) as kept) from gone`.execute(trx);
  const said = Object.entries(row.values).filter(([, value]) => value !== null);
  const geometry = row.geometry === null ? {} : { geometry: JSON.parse(row.geometry) };
  const before = { ...told(layer, Object.fromEntries(said)), ...geometry };
  const audit = await record(trx, origin, { ...entryOf(wish), feature: row.id, version, before, after });
  return {
    layer: layer.id,
    id: row.id,
    version,
    audit,
    changed: visibleChanges(view, Object.keys(before), row.hidden),
  };
}

/**
 * SQL to join to `deleted_feature as kept`: one row `was` with the row's columns as they were, where the view shows it, and
 * the mask columns that {@link hiddenIn} reads. What the view hid while it was there it hides now.
 */
export function shownAsItWas(view: View): RawBuilder<unknown> {
  return sql`cross join lateral (
    select stored.* ${maskColumns(view)} from jsonb_populate_record(null::${sql.table(view.layer.id)},
      kept.attributes || jsonb_build_object('id', kept.feature, 'version', kept.version, 'geom', kept.geom::text)) as stored
    where ${rowsOf(view)}) as was`;
}

const hourMs = 3_600_000;

/** Forgets what was deleted so long ago that nobody may restore it, at once and every hour. Returns how to stop. */
export function forgetDeletedRegularly(db: Kysely<Database>, log: Logger): () => void {
  const forget = () => {
    sql`delete from deleted_feature where deleted_at < now() - ${restorableDays}::int * interval '1 day'`
      .execute(db)
      .catch((err: unknown) => log.warn({ err }, 'deleted features were not forgotten'));
  };
  forget();
  const timer = setInterval(forget, hourMs).unref();
  return () => clearInterval(timer);
}
