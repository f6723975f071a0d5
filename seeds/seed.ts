import { type Kysely, sql } from 'kysely';
import type { Connection, Database } from '../server/database/connect.ts';
import { seriesTable } from '../server/database/series_table.ts';
import { transaction } from '../server/database/transaction.ts';
import { columnTypes } from '../server/registry/ddl.ts';
import { attributesOf, type Layer } from '../server/registry/layer.ts';
import { layerFiles } from '../server/registry/registry.ts';
import { step } from '../server/step.ts';
import { generators } from './jember/generators.ts';
import type { Lived } from './jember/past/past.ts';
import { pasts } from './jember/pasts.ts';
import { region } from './jember/region.ts';
import { random } from './random.ts';
import type { Seeded } from './row.ts';
import { city } from './simulator/city.ts';
import { placeOf } from './simulator/place.ts';

/** Rows written by one statement. */
const batchRows = 10_000;

export interface SeedOptions {
  /** 1 is 650,000 businesses, 60,000 street lights, 2,200 cameras, 500 gauges, 300 traffic lights, 20,000 complaints. */
  readonly scale: number;
  readonly onProgress?: (message: string) => void;
  /** The same seed gives the same regency. */
  readonly seed?: string;
  /** The moment the regency is seen at. */
  readonly now?: Date;
}

/**
 * Fills the demo regency into the layers that are empty and were never filled before. Each layer is one transaction, so a
 * run that is killed is continued by the next one with whole layers. Resolves to the layers it filled.
 */
export async function seed(
  connection: Connection,
  { scale, onProgress = () => {}, seed: name = 'jember', now = new Date() }: SeedOptions,
): Promise<readonly Layer[]> {
  const layers = await layerFiles();
  const missing: Layer[] = [];
  for (const [id] of generators) {
    const layer = layers.find((each) => each.id === id);
    if (layer && (await neverFilled(connection.db, id))) missing.push(layer);
  }
  if (missing.length === 0) return missing;
  await step(onProgress, 'drawing the demo regency', () => fill(connection, missing, { scale, onProgress, name, now }));
  return missing;
}

async function fill(
  connection: Connection,
  layers: readonly Layer[],
  { scale, onProgress, name, now }: Required<Omit<SeedOptions, 'seed'>> & { readonly name: string },
): Promise<void> {
  const place = region();
  for (const layer of layers) {
    const rows = generators.get(layer.id)!({
      region: place,
      scale,
      chance: random(`${name} ${layer.id}`),
      count: (base, least) => Math.max(least, Math.round(base * scale)),
      now,
    });
    const lived = pasts.get(layer.id)?.([...rows], city(placeOf(place), { seed: name, speed: 1 }), now);
    const written = await transaction(
      connection.db,
      async (trx) => {
        const count = await write(trx, layer, lived ? lived.map(({ seeded }) => seeded) : rows, scale);
        if (lived) await writePast(trx, layer, lived);
        return count;
      },
      { statementTimeoutMs: 0 },
    );
    onProgress(`${layer.id}: ${written.toLocaleString('en')} simulated`);
  }
}

async function neverFilled(db: Kysely<Database>, layer: string): Promise<boolean> {
  const { rows } = await sql<{ empty: boolean }>`
    select not exists (select 1 from seeded where layer = ${layer}) and not exists (select 1 from ${sql.table(layer)}) as empty`.execute(
    db,
  );
  return rows[0]!.empty;
}

async function write(db: Kysely<Database>, layer: Layer, seeded: Iterable<Seeded>, scale: number): Promise<number> {
  let written = 0;
  for (const batch of batches(seeded)) {
    await insert(db, layer, batch);
    written += batch.length;
    // On the embedded database nothing else is served meanwhile: give the event loop a turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await sql`insert into seeded (layer, scale) values (${layer.id}, ${scale})`.execute(db);
  return written;
}

/** One statement for all: nothing beats it but COPY, and this works inside a transaction on both databases. */
async function insert(db: Kysely<Database>, layer: Layer, batch: readonly Seeded[]): Promise<void> {
  const attributes = [...attributesOf(layer)].filter(([, { derived }]) => !derived);
  const columns: [name: string, type: string][] = [
    ['code', 'text'],
    ['agency', 'text'],
    ['area_code', 'text'],
    ['source', 'text'],
    ['observed_at', columnTypes.instant],
    ...attributes.map(([key, { kind }]): [string, string] => [key, columnTypes[kind]]),
  ];
  const isPoint = layer.geometry === 'Point';
  const records = batch.map(({ row, geometry }) =>
    isPoint && geometry?.type === 'Point'
      ? { ...row, lon: geometry.coordinates[0], lat: geometry.coordinates[1] }
      : { ...row, geometry: geometry && JSON.stringify(geometry) },
  );
  const names = sql.join(columns.map(([name]) => sql.ref(name)));
  const typed = sql.join(columns.map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`));
  const place = isPoint ? sql`lon float8, lat float8` : sql`geometry text`;
  const geom = isPoint
    ? sql`st_setsrid(st_point(lon, lat), 4326)`
    : sql`st_setsrid(st_geomfromgeojson(geometry), 4326)`;
  await sql`
    insert into ${sql.table(layer.id)} (geom, ${names})
    select ${geom}, ${names} from json_to_recordset(${JSON.stringify(records)}::text::json) as given(${place}, ${typed})`.execute(
    db,
  );
}

/** Puts what was observed of things before into their layer's series. */
async function writePast(db: Kysely<Database>, layer: Layer, lived: readonly Lived[]): Promise<void> {
  const { moving, series } = layer;
  if (!series) return;
  const attributes = attributesOf(layer);
  const columns = [...(moving ? ['lon', 'lat'] : []), ...series.attributes];
  const type = (column: string) =>
    (attributes.get(column)?.kind ?? 'number') === 'choice' ? 'text' : columnTypes.number;
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const typed = sql.join(columns.map((column) => sql`${sql.ref(column)} ${sql.raw(type(column))}`));
  const observations = lived.flatMap(({ seeded, past }) =>
    past.map(({ observed_at, values }) => ({ code: seeded.row.code, observed_at, ...values })),
  );
  for (const batch of batches(observations))
    await sql`
      insert into ${sql.table(seriesTable(layer.id))} (feature, observed_at, ${names})
      select id, given.observed_at, ${sql.join(columns.map((column) => sql`given.${sql.ref(column)}`))}
      from json_to_recordset(${JSON.stringify(batch)}::text::json) as given(code text, observed_at timestamptz, ${typed})
      join ${sql.table(layer.id)} as thing using (code)`.execute(db);
}

function* batches<T>(rows: Iterable<T>): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < batchRows) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
