import { CompiledQuery, type KyselyPlugin, sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { transaction } from '../server/database/transaction.ts';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';

/**
 * Whatever is asked, the database has little to do: few statements, none of which reads all rows because of a text that
 * somebody typed, and an end for each. Counted and planned, not timed, so that it holds on any machine.
 */
const { connection } = await testDatabase();
const { db } = connection;
const businesses = 40_000;
await transaction(
  db,
  (trx) =>
    sql`insert into umkm (code, name, geom)
      select 'U-' || n, 'Warung ' || md5(n::text), st_setsrid(st_makepoint(113.3 + n * 0.00001, -8.2), 4326)
      from generate_series(1, ${businesses}::int) as n`.execute(trx),
  { statementTimeoutMs: 0 },
);
await sql`vacuum analyze umkm`.execute(db); // also what the indexes have put off, as on any database that has rested

const asked: CompiledQuery[] = [];
const watch: KyselyPlugin = {
  transformQuery({ node, queryId }) {
    asked.push(db.getExecutor().compileQuery(node, queryId));
    return node;
  },
  transformResult: async ({ result }) => result,
};
const { app, follower, complaints } = await testApp({ ...connection, db: db.withPlugin(watch) });
await follower.stop();
beforeEach(() => void asked.splice(0));

async function costOf({ sql: text, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): Promise<number> {
  const { rows } = await db.executeQuery<{ 'QUERY PLAN': readonly { Plan: { 'Total Cost': number } }[] }>(
    CompiledQuery.raw(`explain (format json) ${text}`, [...parameters]),
  );
  return rows[0]!['QUERY PLAN'][0]!.Plan['Total Cost'];
}

const everything = await costOf({ sql: 'select * from umkm where name ilike $1', parameters: ['%a%'] });

test.each([
  ['one sign', '%'],
  ['signs of patterns', '%_%_%\\%'],
  ['a short word', 'a'],
  ['two letters', 'wa'],
  ['a word that all have', 'Warung'],
  ['no word that any has', 'zzzzqqqq'],
  ['SQL', "'; drop table umkm; --"],
  ['a pattern inside a word', 'W%g_'],
  ['200 letters', 'ab'.repeat(100)],
  ['200 signs', '%_'.repeat(100)],
  ['one word again and again', 'warung '.repeat(28)],
  ['astral', '🌊'.repeat(60)],
  ['right to left', 'مطعم'],
  ['blanks', ' \t\n\u00a0 '],
])('a search for %s is one statement that costs less than to read everything', async (_, text) => {
  const response = await app.request(`/api/search?layers=umkm&q=${encodeURIComponent(text)}`);
  expect(response.status).toBe(200);
  expect(asked.length).toBeLessThanOrEqual(1);
  for (const query of asked) expect(await costOf(query)).toBeLessThan(everything);
});

const sixty = Array.from({ length: 60 }, (_, i) => `layer_${i}`).join();

test.each([
  ['60 layers in a tile', `/tiles/${sixty}/0/0/0`, 400],
  ['60 layers in a TileJSON', `/tiles/${sixty}.json`, 400],
  ['60 unknown layers to search in', `/api/search?q=warung&layers=${sixty}`, 404],
  ['101 layers to search in', `/api/search?q=warung&layers=${Array(101).fill('umkm')}`, 400],
  ['a tile beyond the world', '/tiles/umkm/3/8/0', 400],
  ['a tile of no zoom', '/tiles/umkm/99/0/0', 400],
  ['a box of words', '/ogc/collections/umkm/items?bbox=a,b,c,d', 400],
  ['a box without end', `/ogc/collections/umkm/items?bbox=${'1,'.repeat(1000)}1`, 400],
  ['a day that is none', '/ogc/collections/umkm/items?datetime=2026-02-31', 400],
  ['a limit that is none', '/ogc/collections/umkm/items?limit=-1', 400],
  ['a reference system that is none', '/ogc/collections/umkm/items?crs=EPSG:0', 400],
  ['a filter of 3,000 brackets', `/ogc/collections/umkm/items?filter=${'('.repeat(3000)}`, 400],
  [
    'a filter of 3,000 conditions',
    `/ogc/collections/umkm/items?filter=${Array(3000).fill("name='a'").join('%20OR%20')}`,
    400,
  ],
])('%s is refused before the database is asked', async (_, path, status) => {
  const response = await app.request(path);
  expect(response.status).toBe(status);
  expect(response.headers.get('Content-Type')).toContain('application/problem+json');
  expect(asked.map(({ sql: text }) => text)).toEqual([]);
});

test('a box over everything, a filter that every row must be asked, the largest page: three statements, and each has an end', async () => {
  for (const query of [
    'bbox=-180,-90,180,90&limit=100000',
    `filter=${encodeURIComponent("name LIKE '%a%b%c%d%e%' OR CASEI(name) LIKE '%_%_%_%'")}`,
    `filter=${encodeURIComponent('S_DISTANCE(geom, POINT(113.7 -8.17)) < 1000000')}`,
  ]) {
    asked.length = 0;
    expect((await app.request(`/ogc/collections/umkm/items?${query}`)).status, query).toBe(200);
    expect(asked.length, query).toBeLessThanOrEqual(3);
  }
  const { rows } = await sql<{ limit: number }>`
    select extract(epoch from current_setting('statement_timeout')::interval)::float8 as limit`.execute(db);
  if (connection.kind === 'server') expect(rows).toEqual([{ limit: 10 }]);
  expect(complaints).toEqual([]);
});
