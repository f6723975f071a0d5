import { type RawBuilder, sql, type Transaction } from 'kysely';
import { type Origin, originColumns, originValues, record } from '../../audit/record.ts';
import type { Database } from '../../database/connect.ts';
import { unsaid } from '../../registry/actions/before_after.ts';
import { attributesOf, type Layer } from '../../registry/layer.ts';
import type { Load } from './import_file.ts';
import type { ImportedFile } from './imported_file.ts';
import type { ImportReport } from './report.ts';

/** The entry of a whole import: the history of a feature that it added finds it by its time, which is when it was made. */
export async function recordImport(
  trx: Transaction<Database>,
  by: Origin,
  { layer, file }: Pick<Load, 'layer' | 'file'>,
  { read, inserted, updated, unchanged, rejected, skipped, dryRun }: ImportReport,
): Promise<void> {
  if (dryRun) return;
  const counts = { read, inserted, updated, unchanged, rejected, skipped };
  const after = { file: file.name, sha256: file.sha256, ...counts };
  await record(trx, by, { action: 'import', layer: layer.id, after });
}

/** Parts of the statement that updates rows and writes an entry for each. */
export interface ChangeEntries {
  /** What of a row named `there` an entry may tell, as jsonb. */
  readonly values: RawBuilder<unknown>;
  /** Adds the entries, from `was` and `written` (`id`, `version`, `values`). */
  readonly insert: RawBuilder<unknown>;
}

/** An entry for each feature that an import changes, as if somebody had edited it; the file is its reason. */
export function changeEntries(by: Origin, layer: Layer, columns: readonly string[], file: ImportedFile): ChangeEntries {
  const attributes = attributesOf(layer);
  const value = (column: string) => {
    const [attribute, name, there] = [attributes.get(column), sql.ref(column), sql`there.${sql.ref(column)}`];
    if (attribute?.serverOnly) return sql`case when ${there} is not null then ${unsaid}::text end as ${name}`;
    // As everywhere in the trail: RFC 3339 in UTC, to the millisecond, whatever the session's zone.
    return column === 'observed_at' || attribute?.kind === 'instant'
      ? sql`to_char(${there} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${name}`
      : there;
  };
  const told = [...new Set(['area_code', ...columns])].map(value);
  const differing = (of: 'was' | 'written', other: 'was' | 'written') => sql`(
      select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(${sql.table(of)}.values)
      where value is distinct from ${sql.table(other)}.values -> key)`;
  return {
    values: sql`(select to_jsonb(told) from (
      select ${sql.join(told)}, st_asgeojson(there.geom, 15)::jsonb as geometry) as told)`,
    insert: sql`insert into audit (${originColumns}, action, layer, feature, version, before, after, reason)
      select ${originValues(by)}, 'import', ${layer.id}::text, written.id, written.version,
        ${differing('was', 'written')}, ${differing('written', 'was')}, ${file.name}::text
      from written join was using (id) order by written.id`,
  };
}
