import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/connect.ts';
import { DatabaseError } from '../../database/database_error.ts';
import { areaCodeOf } from '../../registry/areas.ts';
import type { Bbox } from '../../registry/catalogue.ts';
import { columnTypes } from '../../registry/ddl.ts';
import { attributesOf, type Layer } from '../../registry/layer.ts';
import { isPassed } from '../pass.ts';
import type { Feed, FeedFault, FeedRecord, Parsed } from './feed.ts';
import { keepReadings } from './keep_readings.ts';

/** What became of what a feed sent; a record that was known and said nothing new is in none of the counts but the first. */
export interface Result {
  records: number;
  added: number;
  changed: number;
  /** Rows that left: ended, replaced, or no longer listed. */
  ended: number;
  /** Records that do not touch the region. */
  elsewhere: number;
  /** Records that were over already when they came. */
  over: number;
  readonly faults: readonly FeedFault[];
}

/** Brings what a feed sent into its layer. Records that the layer or the database refuses are faults, the others stay. */
export async function writeRecords(
  trx: Transaction<Database>,
  feed: Feed,
  layer: Layer,
  region: Bbox,
  parsed: readonly Parsed[],
): Promise<Result> {
  const faults = parsed.flatMap((each) => each.faults);
  const ended = parsed.flatMap((each) => each.ended ?? []);
  const result: Result = { records: 0, added: 0, changed: 0, ended: 0, elsewhere: 0, over: 0, faults };
  result.ended += await end(trx, feed, layer, ended);

  const gone = await goneKeys(trx, feed);
  const rowSchema = layer.attributes.partial();
  const good = parsed.flatMap(({ records }) =>
    records.filter((record) => {
      const { error } = rowSchema.safeParse(present(record));
      const reason = error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
      if (reason !== undefined) faults.push({ key: record.key, reason, record: record.values });
      return reason === undefined;
    }),
  );
  const things = [...merged(good).values()];
  result.records = things.length;
  const isOver = (record: FeedRecord) => gone.has(record.key) || isPassed(layer, record, Date.now());
  const current = things.filter((record) => !isOver(record));
  result.over = things.length - current.length;
  await writeByHalves(trx, feed, layer, region, current, result, faults);
  await keepReadings(
    trx,
    layer,
    good.filter((record) => !isOver(record)),
  );

  for (const { present: there } of parsed) if (there) result.ended += await endMissing(trx, feed, layer, there);
  return result;
}

/** Of several records of one thing, each newer one says what it knows and leaves the rest. */
function merged(records: readonly FeedRecord[]): Map<string, FeedRecord> {
  const known = new Map<string, FeedRecord>();
  for (const record of records) {
    const earlier = known.get(record.key);
    const values = { ...earlier?.values, ...present(record) };
    known.set(record.key, { ...record, values, place: record.place ?? earlier?.place ?? null });
  }
  return known;
}

function present({ values }: FeedRecord): FeedRecord['values'] {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/** Writes what the database takes, each half behind a savepoint until the one record that it refuses is found. */
async function writeByHalves(
  trx: Transaction<Database>,
  feed: Feed,
  layer: Layer,
  region: Bbox,
  records: readonly FeedRecord[],
  result: Result,
  faults: FeedFault[],
): Promise<void> {
  if (records.length === 0) return;
  await sql`savepoint half`.execute(trx);
  try {
    const { added, changed, elsewhere } = await upsert(trx, feed, layer, region, records);
    await sql`release savepoint half`.execute(trx);
    result.added += added;
    result.changed += changed;
    result.elsewhere += elsewhere;
  } catch (error) {
    // Bad values (22, 23), and what PostGIS says of shapes it cannot work with (XX000).
    if (!(error instanceof DatabaseError) || !/^(22|23|XX)/.test(error.code)) throw error;
    await sql`rollback to savepoint half`.execute(trx);
    await sql`release savepoint half`.execute(trx);
    const [only] = records;
    if (records.length === 1 && only) faults.push({ key: only.key, reason: error.message, record: only.values });
    else {
      const middle = Math.ceil(records.length / 2);
      for (const half of [records.slice(0, middle), records.slice(middle)])
        await writeByHalves(trx, feed, layer, region, half, result, faults);
    }
  }
}

async function upsert(
  trx: Transaction<Database>,
  feed: Feed,
  layer: Layer,
  [west, south, east, north]: Bbox,
  records: readonly FeedRecord[],
): Promise<{ added: number; changed: number; elsewhere: number }> {
  const attributes = [...attributesOf(layer)].filter(([, { derived }]) => !derived);
  const names = attributes.map(([name]) => sql.ref(name));
  const types = attributes.map(([name, { kind }]) => sql`${sql.ref(name)} ${sql.raw(columnTypes[kind])}`);
  const given = records.map(({ key, observedAt, values, place }) => ({
    ...values,
    code: key,
    observed_at: observedAt,
    ...place,
  }));
  // Only what differs is written: a poll that brings nothing new leaves no trace in the change log. Of a row that devices or people
  // tell of too, only what is newer; of its own the feed may take back even the time.
  const kept = ['observed_at', 'geom', 'area_code', ...attributes.map(([name]) => name)].map((name) => {
    const column = sql.ref(name);
    const isKept = !feed.replaces || name === 'geom' || name === 'area_code';
    return { column, value: isKept ? sql`coalesce(excluded.${column}, there.${column})` : sql`excluded.${column}` };
  });
  const near = sql`${feed.within === 'anywhere'}::boolean or geom is null
    or st_intersects(geom, st_makeenvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326))`;
  const { rows } = await sql<{ added: number; changed: number; elsewhere: number }>`
    with given as materialized (
      select * from json_to_recordset(${JSON.stringify(given)}::text::json) as row (code text, observed_at timestamptz,
        lon float8, lat float8, shapes json, circles json, ${sql.join(types)})
    ), shaped as materialized (select *, ${layer.geometry === 'Point' ? point : areas} as geom from given
    ), placed as materialized (select *, ${near} as near from shaped
    ), written as (
      insert into ${sql.table(layer.id)} as there (code, source, observed_at, geom, area_code, ${sql.join(names)})
      select code, ${`feed:${feed.id}`}, observed_at, geom, ${areaCodeOf(sql`placed.geom`)}, ${sql.join(names)} from placed where near
      on conflict (code) where code is not null do update set ${sql.join(kept.map(({ column, value }) => sql`${column} = ${value}`))}
      where (${sql.join(
        kept.map(({ column, value }) => sql`there.${column} is distinct from ${value}`),
        sql` or `,
      )}) and (there.source = excluded.source or there.observed_at is null or there.observed_at < excluded.observed_at)
      returning xmax = 0 as added
    )
    select (select count(*) from written where added)::int as added, (select count(*) from written where not added)::int as changed,
      (select count(*) from placed where not near)::int as elsewhere`.execute(trx);
  return rows[0] ?? { added: 0, changed: 0, elsewhere: 0 };
}

const point = sql`st_setsrid(st_point(lon, lat), 4326)`;

/** Each shape made valid, all of them one: shapes that share an edge are no valid MultiPolygon as they are. */
const areas: RawBuilder<unknown> = sql`(
  select case when not st_isempty(whole) then whole end from (
    select st_multi(st_collectionextract(st_union(part), 3)) as whole from (
      select st_makevalid(st_force2d(st_setsrid(st_geomfromgeojson(value::text), 4326)), 'method=structure') as part
      from json_array_elements(shapes)
      union all
      select st_buffer(st_setsrid(st_point((value->>0)::float8, (value->>1)::float8), 4326)::geography, (value->>2)::float8 * 1000)::geometry
      from json_array_elements(circles)
    ) as parts
  ) as united)`;

async function goneKeys(trx: Transaction<Database>, feed: Feed): Promise<Set<string>> {
  const { rows } = await sql<{ code: string }>`select code from feed_ended where feed = ${feed.id}`.execute(trx);
  return new Set(rows.map(({ code }) => code));
}

async function end(trx: Transaction<Database>, feed: Feed, layer: Layer, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return 0;
  const codes = sql`select json_array_elements_text(${JSON.stringify(keys)}::text::json)`;
  await sql`insert into feed_ended (feed, code) select distinct ${feed.id}, code from (${codes}) as given(code)
    on conflict do nothing`.execute(trx);
  const { rows } = await sql`
    delete from ${sql.table(layer.id)} where source = ${`feed:${feed.id}`} and code in (${codes}) returning id`.execute(
    trx,
  );
  return rows.length;
}

async function endMissing(
  trx: Transaction<Database>,
  feed: Feed,
  layer: Layer,
  there: readonly string[],
): Promise<number> {
  const { rows } = await sql`
    delete from ${sql.table(layer.id)} where source = ${`feed:${feed.id}`}
      and code not in (select json_array_elements_text(${JSON.stringify(there)}::text::json)) returning id`.execute(
    trx,
  );
  return rows.length;
}
