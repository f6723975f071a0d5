import { setTimeout as wait } from 'node:timers/promises';
import { VectorTile } from '@mapbox/vector-tile';
import { sql } from 'kysely';
import { PbfReader } from 'pbf';
import type { Connection } from '../../server/database/connect.ts';
import { type TileAddress, worldX, worldY } from '../../tiles/mercator.ts';
import { seededRandom } from '../support/random.ts';
import { startServer } from './http.ts';
import { lampGeometry, lampPlace, lamps } from './lamps.ts';
import { stopped } from './live.ts';
import type { Measure } from './report.ts';

const rows = 5_000;
/** Features changed by one commit, ten commits a second. */
const batchSize = 100;
const cycle = rows / batchSize;
/** `FRESH_SECONDS=15` for a quick look. */
const seconds = Number(process.env.FRESH_SECONDS ?? 60);

/** A tile as it was fetched: which lamps it showed, and by which batch each was last written. */
interface Fetched {
  readonly tile: TileAddress;
  /** Number of the change log that the answer names. */
  readonly seq: number;
  readonly shown: ReadonlyMap<number, number>;
}

/**
 * tiles/fresh: while features change and move, tiles are fetched, and each is compared with what the database held at
 * the position its answer names: the same features at that moment's places, each with its newest value.
 */
export async function run(): Promise<Measure[]> {
  const { connection, url } = await lamps('pendopo_bench_fresh', rows);
  const server = await startServer(url);
  try {
    const base = `http://127.0.0.1:${server.port}`;
    /** When each batch was committed, milliseconds, and its number in the change log. */
    const commits: { at: number; seq: number }[] = [];
    const start = await firstSeq(connection);
    const fetched: Fetched[] = [];
    const delays: number[] = [];
    const until = performance.now() + seconds * 1000;
    await Promise.all([
      write(connection, commits, until),
      ...[1, 2, 3].map((seed) => walk(base, seededRandom(seed), fetched, until)),
      probe(base, commits, delays, until),
    ]);
    const faults = fetched.flatMap((each) => compare(each, start, commits));
    const stale = faults.filter((fault) => fault === 'stale').length;
    delays.sort((a, b) => a - b);
    const measure = (
      metric: string,
      value: number,
      unit: string,
      target: number | null,
      better: Measure['better'],
    ) => ({ bench: 'tiles/fresh', metric, value, unit, target, better });
    return [
      measure(
        `stale tiles among ${fetched.length.toLocaleString('en')} fetched at ${Math.round((commits.length * batchSize) / seconds)} changes/s`,
        stale,
        'tiles',
        0,
        'lower',
      ),
      measure('tiles that are not the database at the position they name', faults.length, 'tiles', 0, 'lower'),
      measure('commit → fresh tile, p95', delays[Math.floor(delays.length * 0.95)]!, 'ms', 150, 'lower'),
    ];
  } finally {
    await stopped(server.child);
    await connection.close();
  }
}

async function firstSeq(connection: Connection): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select max(seq) as seq from change`.execute(connection.db);
  return rows[0]!.seq;
}

/** Batch b (from 1) writes its number into the next hundred lamps, and moves them there or back. */
async function write(connection: Connection, commits: { at: number; seq: number }[], until: number): Promise<void> {
  for (let batch = 1; performance.now() < until; batch++) {
    const begun = performance.now();
    const first = 1 + ((batch - 1) % cycle) * batchSize;
    await sql`
      update streetlight set pole = ${`b${batch}`}, geom = ${lampGeometry(isMoved(batch))}
      where id between ${first} and ${first + batchSize - 1}`.execute(connection.db);
    const at = performance.now();
    commits.push({ at, seq: await firstSeq(connection) }); // the only writer: the newest is its own
    await wait(Math.max(0, begun + 100 - performance.now()));
  }
}

const isMoved = (batch: number) => batch > 0 && Math.floor((batch - 1) / cycle) % 2 === 0;

async function walk(base: string, random: () => number, fetched: Fetched[], until: number): Promise<void> {
  while (performance.now() < until) {
    const [lon, lat] = lampPlace(1 + Math.floor(random() * rows), random() < 0.5);
    const z = 14 + Math.floor(random() * 4);
    fetched.push(await fetchTile(base, { z, x: worldX(lon) >>> (32 - z), y: worldY(lat) >>> (32 - z) }));
    await wait(5);
  }
}

async function fetchTile(base: string, tile: TileAddress): Promise<Fetched> {
  const response = await fetch(`${base}/tiles/streetlight/${tile.z}/${tile.x}/${tile.y}`);
  const seq = Number(response.headers.get('pendopo-position')!.split(':')[1]);
  const layer = new VectorTile(new PbfReader(await response.arrayBuffer())).layers.streetlight;
  const shown = new Map<number, number>();
  for (let i = 0; i < (layer?.length ?? 0); i++) {
    const { id, properties } = layer!.feature(i);
    shown.set(id!, Number(String(properties.pole).slice(1)));
  }
  return { tile, seq, shown };
}

/** From each commit that it is free for, asks for a tile of it until that is fresh. */
async function probe(base: string, commits: readonly { at: number }[], delays: number[], until: number): Promise<void> {
  let seen = 0;
  while (performance.now() < until) {
    if (commits.length === seen) {
      await wait(1);
      continue;
    }
    seen = commits.length;
    const { at } = commits[seen - 1]!;
    const id = 1 + ((seen - 1) % cycle) * batchSize;
    const [lon, lat] = lampPlace(id, isMoved(seen));
    const tile = { z: 16, x: worldX(lon) >>> 16, y: worldY(lat) >>> 16 };
    while (((await fetchTile(base, tile)).shown.get(id) ?? -1) < seen) await wait(2);
    delays.push(performance.now() - at);
  }
}

/** What is wrong with a fetched tile: older than its position, or otherwise not what the database held then. */
function compare(
  { tile, seq, shown }: Fetched,
  start: number,
  commits: readonly { seq: number }[],
): ('stale' | 'wrong')[] {
  if (seq < start) return ['stale'];
  let newest = commits.findLastIndex((commit) => commit.seq <= seq) + 1;
  if (newest < 0) newest = 0;
  const { z, x, y } = tile;
  let expected = 0;
  for (let id = 1; id <= rows; id++) {
    const turn = Math.floor((id - 1) / batchSize);
    // The last batch up to `newest` that wrote this lamp; 0 for none.
    const batch = newest > turn ? newest - ((newest - 1 - turn) % cycle) : 0;
    const [lon, lat] = lampPlace(id, isMoved(batch));
    const isInside = worldX(lon) >>> (32 - z) === x && worldY(lat) >>> (32 - z) === y;
    const has = shown.get(id);
    if (isInside) expected++;
    if (isInside && (has === undefined || has < batch)) return ['stale'];
    if (has !== undefined && (!isInside || has > batch)) return ['wrong'];
  }
  return expected === shown.size ? [] : ['wrong'];
}
