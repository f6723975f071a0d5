import { fork } from 'node:child_process';
import { sql } from 'kysely';
import { config } from '../../server/config.ts';
import { type Connection, connect } from '../../server/database/connect.ts';
import { migrate } from '../../server/database/migrate.ts';
import { keepPartitions } from '../../server/database/partitions.ts';
import { seriesMonths } from '../../server/database/series_table.ts';
import { readBody } from '../../server/ingest/body.ts';
import { receive } from '../../server/ingest/receive.ts';
import type { Layer } from '../../server/registry/layer.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { seededRandom } from '../support/random.ts';
import { ingestKey, startServer } from './http.ts';
import type { Post } from './post_load.ts';
import { type Measure, median, timed } from './report.ts';

const batchRows = 100;
/** Senders at once. */
const senders = 16;
const batches = 600;
const things = 5_000;
const rounds = 6;

/**
 * Readings of gauges and positions of units as devices send them (JSON bodies of 100), into a server PostGIS with the
 * change log and the series; against the same rows put into a plain table with a key by multi-row inserts of 100. Once
 * the bodies are handed to the door inside this process, as the rows are to the driver; once they come by HTTP from
 * another process to the whole server, whose live copy follows.
 */
export async function run(): Promise<Measure[]> {
  const { connection, url } = await emptyDatabase('pendopo_bench_ingest');
  const { db } = connection;
  const layers = (await layerFiles()).filter(({ id }) => id === 'river_gauge' || id === 'unit');
  for (const layer of layers) {
    await sql`insert into ${sql.table(layer.id)} (code, name, geom)
      select 'K-' || n, 'Nomor ' || n, st_setsrid(st_point(113.7, -8.17), 4326) from generate_series(0, ${sql.lit(things - 1)}) as n`.execute(
      db,
    );
    for (const months of seriesMonths([layer])) await keepPartitions(db, months);
  }
  await sql`vacuum analyze`.execute(db);
  const measures: Measure[] = [];
  try {
    for (const layer of layers) measures.push(...(await measure(connection, url, layer)));
  } finally {
    await connection.close();
  }
  return measures;
}

async function measure(connection: Connection, url: string, layer: Layer): Promise<Measure[]> {
  const inside = await compare(connection, layer, 0, (bodies) => throughTheDoor(connection, layer, bodies));
  const server = await startServer(url);
  const http = await compare(connection, layer, rounds, (bodies) => overHttp(server.port, layer, bodies)).finally(() =>
    server.child.kill('SIGTERM'),
  );
  const name = layer.id === 'unit' ? 'positions of units' : 'readings of gauges';
  const figures = { bench: 'ingest', better: 'higher' } as const;
  return [
    { ...figures, metric: `${name}, batches of ${batchRows}, durable`, value: inside.rate, unit: '/s', target: 20_000 },
    { ...figures, metric: `${name}: plain multi-row insert`, value: inside.plain, unit: '/s', target: null },
    { ...figures, metric: `${name} against it`, value: inside.ratio, unit: '×', target: 0.5 },
    { ...figures, metric: `${name} over HTTP, the whole server`, value: http.rate, unit: '/s', target: 20_000 },
    { ...figures, metric: `${name} over HTTP against it`, value: http.ratio, unit: '×', target: null },
  ];
}

/** Medians of rounds, in each of which both take the same rows, one after the other: other work on the machine meets both. */
async function compare(
  connection: Connection,
  layer: Layer,
  firstRound: number,
  ours: (bodies: readonly Reading[][]) => Promise<number>,
): Promise<{ readonly rate: number; readonly plain: number; readonly ratio: number }> {
  const plain: number[] = [];
  const rates: number[] = [];
  for (let round = firstRound; round < firstRound + rounds; round++) {
    const bodies = bodiesOf(layer, round);
    plain.push(await plainInserts(connection, layer, bodies));
    rates.push(await ours(bodies));
  }
  // The first round finds nothing prepared.
  const [warm, warmPlain] = [rates.slice(1), plain.slice(1)];
  const ratios = warm.map((rate, i) => rate / warmPlain[i]!);
  console.error(`  ${layer.id}: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')} ×`);
  return { rate: median(warm), plain: median(warmPlain), ratio: median(ratios) };
}

async function emptyDatabase(name: string): Promise<{ readonly connection: Connection; readonly url: string }> {
  const url = new URL(process.env.DATABASE_URL!);
  const maintenance = await connect({ databaseUrl: url.href, dataDir: '' });
  await sql.raw(`drop database if exists ${name} with (force)`).execute(maintenance.db);
  await sql.raw(`create database ${name}`).execute(maintenance.db);
  await maintenance.close();
  url.pathname = `/${name}`;
  const connection = await connect({ databaseUrl: url.href, dataDir: '' });
  await migrate(connection);
  return { connection, url: url.href };
}

interface Reading {
  readonly code: string;
  readonly observed_at: string;
  readonly [attribute: string]: string | number;
}

/** Later in each round than in the one before, so that every reading is news. */
function bodiesOf(layer: Layer, round: number): Reading[][] {
  const random = seededRandom(round + 1);
  const start = Date.now() - (2 * rounds - round) * 600_000;
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: batchRows }, (_, i) => ({
      code: `K-${(batch * batchRows + i) % things}`,
      observed_at: new Date(start + batch * 500 + i).toISOString(),
      ...(layer.id === 'unit'
        ? {
            lon: 113.5 + random() * 0.4,
            lat: -8.4 + random() * 0.4,
            speed_km_h: Math.round(random() * 80),
            course_deg: Math.round(random() * 359),
          }
        : { level_cm: Math.round(random() * 400), quality: 'good' }),
    })),
  );
}

/** Rows a second, each batch durable before its sender sends the next. */
async function throughTheDoor(connection: Connection, layer: Layer, bodies: readonly Reading[][]): Promise<number> {
  const settings = { connection, config: config({}) };
  const sent = encoded(bodies);
  let accepted = 0;
  const ms = await timed(() =>
    inParallel(sent, async (body) => {
      const receipt = await receive(settings, layer, readBody(body, 'application/json'));
      accepted += receipt.accepted;
    }),
  );
  return rateOf(accepted, ms);
}

/** The same, sent by another process to the server's port. */
async function overHttp(port: number, { id }: Layer, bodies: readonly Reading[][]): Promise<number> {
  const child = fork(new URL('post_load.ts', import.meta.url), { serialization: 'advanced' });
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${ingestKey}` };
  const post: Post = { port, path: `/api/ingest/${id}`, headers, bodies: encoded(bodies), connections: senders };
  child.send(post);
  const { accepted, ms } = await new Promise<{ accepted: number; ms: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { accepted: number; ms: number })); // sent by post_load.ts
    child.once('exit', (code) => code && reject(new Error(`the sending process ended with ${code}`)));
  });
  return rateOf(accepted, ms);
}

const encoded = (bodies: readonly Reading[][]) => bodies.map((body) => new TextEncoder().encode(JSON.stringify(body)));

function rateOf(accepted: number, ms: number): number {
  if (accepted !== batches * batchRows) throw new Error(`${accepted} of ${batches * batchRows} were accepted`);
  return (accepted / ms) * 1000;
}

async function plainInserts({ db }: Connection, layer: Layer, bodies: readonly Reading[][]): Promise<number> {
  const columns = Object.keys(bodies[0]![0]!);
  const type = (column: string) =>
    column === 'observed_at' ? 'timestamptz' : /^(code|quality)$/.test(column) ? 'text' : 'float8';
  await sql`drop table if exists plain`.execute(db);
  await sql
    .raw(
      `create table plain (${columns.map((column) => `${column} ${type(column)}`).join(', ')}, primary key (code, observed_at))`,
    )
    .execute(db);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const ms = await timed(() =>
    inParallel(bodies, async (rows) => {
      const tuples = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]!))})`);
      await sql`insert into plain (${names}) values ${sql.join(tuples)}`.execute(db);
    }),
  );
  const { rows } = await sql<{ n: number }>`select count(*) as n from plain`.execute(db);
  if (rows[0]!.n !== batches * batchRows) throw new Error(`the plain inserts of ${layer.id} lost rows`);
  return (rows[0]!.n / ms) * 1000;
}

async function inParallel<T>(all: readonly T[], one: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: senders }, async () => {
      while (next < all.length) await one(all[next++]!);
    }),
  );
}
