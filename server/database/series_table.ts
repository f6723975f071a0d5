import { type Kysely, type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely';
import { attributesOf, type Layer } from '../registry/layer.ts';
import type { Database } from './connect.ts';
import { arrayText } from './given.ts';
import type { PartitionedTable } from './partitions.ts';

/** The name of the table that keeps a layer's observations over time. */
export function seriesTable(layer: string): string {
  return `${layer}_series`;
}

/** The column of a layer's series that says whether a reading is to be trusted: its attribute, else one that nobody is shown. */
export function qualityColumn({ series }: Layer): string {
  return series?.quality ?? 'quality';
}

/** Whether a row of a layer's series, which the statement calls `as`, is to be trusted. */
export function isTrusted(layer: Layer, as = seriesTable(layer.id)): RawBuilder<SqlBool> {
  const quality = sql.ref(`${as}.${qualityColumn(layer)}`);
  return sql`(${quality} is null or ${quality} not in ('suspect', 'bad'))`;
}

/** Whether a layer's series keeps what the database derives from the row, which therefore is read from the row. */
export function keepsDerived(layer: Layer): boolean {
  const attributes = attributesOf(layer);
  return layer.series?.attributes.some((name) => attributes.get(name)?.derived) ?? false;
}

/** The months of the series of those layers that keep one. */
export function seriesMonths(layers: readonly Layer[]): PartitionedTable[] {
  return layers.flatMap(({ id, series }) =>
    series
      ? [{ table: seriesTable(id), column: 'observed_at', unit: 'month', keptDays: series.keptDays, ahead: 1 } as const]
      : [],
  );
}

interface SeriesTable {
  readonly layer: string;
  /** Keeps where each thing was, in `lon` and `lat`. */
  readonly moving?: boolean;
  /**
   * SQL column definitions, trusted text, without checks: a reading outside its limits is kept, and `quality text`, which
   * no series is without, marks it as such. Counts are `double precision` too: what is no integer's size is kept as well.
   */
  readonly columns: readonly string[];
}

/**
 * Makes the table beside a layer's that keeps its observations, one row a thing (`feature`, the row's id) and moment.
 * It is partitioned by month (`seriesMonths`).
 */
export async function createSeriesTable<DB>(
  db: Kysely<DB>,
  { layer, moving = false, columns }: SeriesTable,
): Promise<void> {
  const table = seriesTable(layer);
  const lines = [
    'feature bigint not null',
    'observed_at timestamptz not null check (isfinite(observed_at))',
    'received_at timestamptz not null default now()',
    ...(moving ? ['lon double precision', 'lat double precision'] : []),
    ...columns,
    'primary key (feature, observed_at)',
  ];
  await sql.raw(`create table "${table}" (\n  ${lines.join(',\n  ')}\n) partition by range (observed_at)`).execute(db);
  await sql.raw(`create table "${table}_rest" partition of "${table}" default`).execute(db);
}

/**
 * Keeps in its series what a person said of a feature, as its row now has it; `before` is the `observed_at` that the row had. What
 * is taken back, so that the row is of an earlier time again, leaves the series.
 */
export async function keepInSeries(
  trx: Transaction<Database>,
  { id: layer, series }: Layer,
  feature: number,
  before: string | null,
): Promise<void> {
  if (!series) return;
  const table = sql.table(seriesTable(layer));
  const columns = sql.join(series.attributes.map((name) => sql.ref(name)));
  await sql`delete from ${table} where feature = ${feature}::bigint and observed_at = ${before}::timestamptz
    and not exists (select from ${sql.table(layer)} where id = ${feature}::bigint and observed_at >= ${before}::timestamptz)`.execute(
    trx,
  );
  await sql`insert into ${table} (feature, observed_at, ${columns})
    select id, observed_at, ${columns} from ${sql.table(layer)} where id = ${feature}::bigint and observed_at is not null
    on conflict (feature, observed_at) do nothing`.execute(trx);
}

/** Where the series keeps what the database derives: what observations made of these rows is put into it. */
export async function keepRows(trx: Transaction<Database>, layer: Layer, ids: readonly number[]): Promise<void> {
  if (ids.length === 0 || !keepsDerived(layer)) return;
  const kept = (layer.series?.attributes ?? []).map((name) => sql`${sql.ref(name)} = row.${sql.ref(name)}`);
  await sql`update ${sql.table(seriesTable(layer.id))} as there set ${sql.join(kept)} from ${sql.table(layer.id)} as row
    where row.id = any(${arrayText(ids)}::text::bigint[]) and there.feature = row.id and there.observed_at = row.observed_at
      and ${isTrusted(layer, 'there')}`.execute(trx);
}
