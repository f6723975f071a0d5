import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { keepPartitions } from '../../server/database/partitions.ts';
import { seriesMonths } from '../../server/database/series_table.ts';
import { attributesOf } from '../../server/registry/layer.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { db } = connection;
const { app } = await testApp(connection);
const layers = await layerFiles();
const gauge = layers.find(({ id }) => id === 'river_gauge')!;
const base = Date.UTC(2026, 9, 1, 12);
const at = (seconds: number) => new Date(base + seconds * 1000).toISOString();
let gaugeId = 0;
let unitId = 0;

async function ask(path: string, to = app) {
  const response = await to.request(`/api/layers/${path}`);
  return { status: response.status, body: await response.json() };
}

beforeAll(async () => {
  const made = await sql<{
    id: number;
  }>`insert into river_gauge (code, name) values ('PDA-1', 'Pos') returning id`.execute(db);
  gaugeId = made.rows[0]!.id;
  const unit = await sql<{ id: number }>`insert into unit (code, name) values ('U-1', 'U') returning id`.execute(db);
  unitId = unit.rows[0]!.id;
  // Every 10 s for an hour: 0, 1, … 359; the reading at 600 s is suspect and wild.
  await sql`insert into river_gauge_series (feature, observed_at, level_cm, quality)
    select ${gaugeId}::bigint, ${at(0)}::timestamptz + make_interval(secs => n * 10), case when n = 60 then 99999 else n end,
      case when n = 60 then 'suspect' else 'good' end from generate_series(0, 359) as n`.execute(db);
  await sql`insert into unit_series (feature, observed_at, lon, lat, speed_km_h, course_deg, state) values
    (${unitId}::bigint, ${at(0)}::timestamptz, 113.70, -8.1, 10, 350, 'enroute'),
    (${unitId}::bigint, ${at(20)}::timestamptz, 113.71, -8.2, 30, 10, null),
    (${unitId}::bigint, ${at(70)}::timestamptz, 113.72, -8.3, 0, 20, 'on_scene')`.execute(db);
});

describe('a series', () => {
  test('has minimum, mean and maximum a bucket, without the suspect, which are counted', async () => {
    const { status, body } = await ask(`river_gauge/${gaugeId}/series?from=${at(0)}&to=${at(3600)}&resolution=10m`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ layer: 'river_gauge', id: gaugeId, from: at(0), to: at(3600), resolution: 600 });
    expect(body.time).toEqual([0, 600, 1200, 1800, 2400, 3000].map(at));
    expect(body.count).toEqual([60, 60, 60, 60, 60, 60]);
    expect(body.suspect).toEqual([0, 1, 0, 0, 0, 0]);
    const { min, mean, max } = body.attributes.level_cm;
    expect(min).toEqual([0, 61, 120, 180, 240, 300]);
    expect(max).toEqual([59, 119, 179, 239, 299, 359]);
    expect(mean).toEqual([29.5, 90, 149.5, 209.5, 269.5, 329.5]);
    expect(body.attributes.quality.last).toEqual(Array(6).fill('good'));
    expect(Object.keys(body)).not.toContain('lon');
  });

  test('takes its beginning and not its end, and leaves out empty buckets', async () => {
    const { body } = await ask(`river_gauge/${gaugeId}/series?from=${at(3590)}&to=${at(4000)}&resolution=10s`);
    expect([body.time, body.attributes.level_cm.max]).toEqual([[at(3590)], [359]]);
    const before = await ask(`river_gauge/${gaugeId}/series?from=${at(-60)}&to=${at(0)}`);
    expect(before.body).toMatchObject({ time: [], count: [] });
  });

  test('of a moving thing has its way; angles and states are not averaged', async () => {
    const { body } = await ask(`unit/${unitId}/series?from=${at(0)}&to=${at(120)}&resolution=1m`);
    expect(body).toMatchObject({
      lon: [113.71, 113.72],
      lat: [-8.2, -8.3],
      attributes: {
        speed_km_h: { min: [10, 0], mean: [20, 0], max: [30, 0] },
        course_deg: { last: [10, 20] },
        state: { last: ['enroute', 'on_scene'] },
      },
    });
  });

  test.each([
    [60, 1],
    [3600, 10],
    [24 * 3600, 300],
    [30 * 86_400, 10_800],
    [3 * 365 * 86_400, 604_800],
  ])('of %d s has by itself at most 500 buckets, of %d s', async (seconds, resolution) => {
    const { body } = await ask(`river_gauge/${gaugeId}/series?from=${at(0)}&to=${at(seconds)}`);
    expect(body.resolution).toBe(resolution);
    expect(seconds / resolution + 1).toBeLessThanOrEqual(500);
  });

  test('is of the last day, where nobody says', async () => {
    const { body } = await ask(`river_gauge/${gaugeId}/series`);
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(86_400_000);
  });

  test('a plus sign that was not encoded is one', async () => {
    const { status, body } = await ask(
      `river_gauge/${gaugeId}/series?from=2026-10-01T19:00:00+07:00&to=2026-10-01T20:00:00%2B07:00`,
    );
    expect([status, body.from]).toEqual([200, at(0)]);
  });

  test.each([
    ['river_gauge/{id}/series?from=kemarin', 400],
    ['river_gauge/{id}/series?from=2026-10-01', 400],
    ['river_gauge/{id}/series?from=2026-10-01T00:00:00Z&to=2026-10-01T00:00:00Z', 400],
    ['river_gauge/{id}/series?from=2026-10-02T00:00:00Z&to=2026-10-01T00:00:00Z', 400],
    ['river_gauge/{id}/series?resolution=0s', 400],
    ['river_gauge/{id}/series?resolution=constructor', 400],
    ['river_gauge/{id}/series?resolution=5', 400],
    ['river_gauge/{id}/series?resolution=1s', 400],
    ['river_gauge/x/series', 404],
    ['river_gauge/0/series', 404],
    ['river_gauge/999999/series', 404],
    ['streetlight/1/series', 404],
    ['nothing/1/series', 404],
  ])('%s is %d, and says why', async (path, status) => {
    const answer = await ask(path.replace('{id}', String(gaugeId)));
    expect(answer.status).toBe(status);
    expect(answer.body.detail.length).toBeGreaterThan(10);
  });

  test('does not exist for who may not see the layer', async () => {
    const { app: forPublic } = await testApp(connection, { ROLE: 'public' });
    expect((await ask(`unit/${unitId}/series`, forPublic)).status).toBe(404);
    expect((await ask(`river_gauge/${gaugeId}/series`, forPublic)).status).toBe(200);
  });
});

describe('the table of a series', () => {
  const kept = layers.flatMap((layer) => (layer.series ? [[layer.id, layer] as const] : []));

  test.each(kept)('of %s has a quality that can say suspect', (_, layer) => {
    const { quality, attributes } = layer.series!;
    if (!quality) return; // a column of its own, that nobody is shown
    expect(attributes).toContain(quality);
    expect(attributesOf(layer).get(quality)).toMatchObject({ kind: 'choice', choices: { suspect: {} } });
  });

  const months = async () =>
    (
      await sql<{ name: string }>`select relname as name from pg_inherits join pg_class on oid = inhrelid
        where inhparent = 'river_gauge_series'::regclass order by 1`.execute(db)
    ).rows.map(({ name }) => name);

  test('gets its months, takes what lay aside into them, and drops those nobody wants', async () => {
    const insert = (time: string) =>
      sql`insert into river_gauge_series (feature, observed_at, level_cm) values (${gaugeId}::bigint, ${time}::timestamptz, 1)`.execute(
        db,
      );
    await insert('2019-12-31T23:59:59.999Z');
    await insert('2026-11-01T00:00:00Z');
    await keepPartitions(db, seriesMonths([gauge])[0]!);
    const rest = await sql<{ n: number }>`select count(*) as n from river_gauge_series_rest`.execute(db);
    expect(rest.rows[0]!.n).toBe(0);
    const present = new Date().toISOString().slice(0, 7).replace('-', '');
    const there = await months();
    expect(there).toEqual(
      expect.arrayContaining(['river_gauge_series_202610', `river_gauge_series_${present}`, 'river_gauge_series_rest']),
    );
    expect(there).not.toContain('river_gauge_series_201912');
    const all = await sql<{
      n: number;
    }>`select count(*) as n from river_gauge_series where feature = ${gaugeId}`.execute(db);
    expect(all.rows[0]!.n).toBe(361);
    await expect(insert('2026-11-01T00:00:00Z')).rejects.toMatchObject({ code: '23505' });
    await keepPartitions(db, seriesMonths([gauge])[0]!);
    expect(await months()).toEqual(there);
  });
});
