import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import { layerFiles, Registry } from '../../server/registry/registry.ts';
import { countThings, type LayerSeries, seriesOfLayer } from '../../server/registry/series_of_layer.ts';
import { viewOf } from '../../server/registry/view.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { db } = connection;
const { app, parts } = await testApp(connection);
const base = Date.UTC(2026, 9, 1, 12);
const at = (seconds: number) => new Date(base + seconds * 1000).toISOString();
const second = (seconds: number) => base / 1000 + seconds;

async function ask(path: string, to = app): Promise<{ status: number; body: LayerSeries & { detail: string } }> {
  const response = await to.request(`/api/layers/${path}`);
  return { status: response.status, body: await response.json() };
}

/** What was said of one thing, a row an observation. */
function historyOf({ id, rows, observations }: LayerSeries, thing: number): Record<string, unknown>[] {
  const index = id.indexOf(thing);
  const first = rows.slice(0, index).reduce((sum, count) => sum + count, 0);
  return Array.from({ length: rows[index] ?? 0 }, (_, row) =>
    Object.fromEntries(Object.entries(observations).map(([key, values]) => [key, values[first + row]])),
  );
}

const ids = new Map<string, number>();
const thing = (code: string) => ids.get(code)!;

beforeAll(async () => {
  const gauges = await sql<{ id: number; code: string }>`
    insert into river_gauge (code, name, method, geom, observed_at, level_cm, siaga1_cm, siaga2_cm, siaga3_cm, threshold_operator) values
      ('busy', 'Pos Sibuk', 'telemetry', 'SRID=4326;POINT(113.7 -8.1)', ${at(3600)}::timestamptz, 310, 400, 300, 200, null),
      ('above', 'Pos Tepat', 'manual', 'SRID=4326;POINT(113.71 -8.2)', null, null, 400, 300, 200, 'above'),
      ('old', 'Pos Lama', null, 'SRID=4326;POINT(113.9 -8.3)', ${at(-999_999)}::timestamptz, 250, 400, 300, 200, null),
      ('never', 'Pos Bisu', null, null, null, null, null, null, null, null) returning id, code`.execute(db);
  const units = await sql<{ id: number; code: string }>`
    insert into unit (code, name, kind, task, geom, observed_at) values
      ('car', 'Praja 1', 'patrol_car', 'rahasia', 'SRID=4326;POINT(113.99 -8.5)', ${at(5000)}::timestamptz),
      ('far', 'Praja 2', 'boat', null, 'SRID=4326;POINT(113.5 -8.5)', ${at(5000)}::timestamptz) returning id, code`.execute(
    db,
  );
  for (const { id, code } of [...gauges.rows, ...units.rows]) ids.set(code, id);
  await sql`insert into river_gauge_series (feature, observed_at, level_cm, quality) values
    (${thing('busy')}, ${at(-90_000)}, 90, 'good'), (${thing('busy')}, ${at(-7000)}, 150, 'good'), (${thing('busy')}, ${at(-100)}, 99999, 'suspect'),
    (${thing('busy')}, ${at(10)}, 199.5, 'good'), (${thing('busy')}, ${at(50)}, 200, 'good'), (${thing('busy')}, ${at(70)}, null, 'unchecked'),
    (${thing('busy')}, ${at(130)}, 99999, 'suspect'), (${thing('busy')}, ${at(600)}, 400, 'good'), (${thing('busy')}, ${at(4000)}, 1, 'good'),
    (${thing('above')}, ${at(60)}, 300, 'good'), (${thing('above')}, ${at(120)}, 300.5, 'good')`.execute(db);
  await sql`insert into unit_series (feature, observed_at, lon, lat, speed_km_h, course_deg, state) values
    (${thing('car')}, ${at(-4000)}, 113.69, -8.1, 10, 350, 'enroute'),
    (${thing('car')}, ${at(-30)}, 113.6999999, -8.15, 20, 350, null),
    (${thing('car')}, ${at(5)}, 113.701, -8.16, 30, 10, 'responding'),
    (${thing('car')}, ${at(20)}, 113.702, -8.161, 31, 10, null),
    (${thing('car')}, ${at(50)}, 113.703, -8.162, 32, 11, null),
    (${thing('car')}, ${at(55)}, null, null, null, null, 'on_scene'),
    (${thing('far')}, ${at(5)}, 113.5, -8.5, 0, 0, 'available')`.execute(db);
});

describe('the series of a layer', () => {
  const hour = `from=${at(0)}&to=${at(3700)}`;

  test('of gauges: what was known at first, and then the last of each bucket, without the suspect', async () => {
    const { status, body } = await ask(`river_gauge/series?${hour}&resolution=1m`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ layer: 'river_gauge', from: at(0), to: at(3700), resolution: 60 });
    expect(body.id).toEqual(['busy', 'above', 'old', 'never'].map(thing));
    expect(body.properties.name).toEqual(['Pos Sibuk', 'Pos Tepat', 'Pos Lama', 'Pos Bisu']);
    expect(body.properties.method).toEqual(['telemetry', 'manual', null, null]);
    expect(body.lon).toEqual([113.7, 113.71, 113.9, null]);
    expect(body.lat).toEqual([-8.1, -8.2, -8.3, null]);
    // 'trend' is how it is now, and not kept.
    expect(Object.keys(body.properties)).toEqual(['name', 'method']);
    expect(historyOf(body, thing('busy'))).toEqual([
      { observed_at: second(-7000), level_cm: 150, quality: 'good', siaga: '4' },
      { observed_at: second(50), level_cm: 200, quality: 'good', siaga: '3' },
      { observed_at: second(70), level_cm: null, quality: 'unchecked', siaga: null },
      { observed_at: second(600), level_cm: 400, quality: 'good', siaga: '1' },
      // The row itself, which has no series of that time.
      { observed_at: second(3600), level_cm: 310, quality: null, siaga: '2' },
    ]);
  });

  test('derives the state as the table does, also where a station says "above"', async () => {
    const { body } = await ask(`river_gauge/series?${hour}&resolution=1m`);
    expect(historyOf(body, thing('above'))).toMatchObject([
      { level_cm: 300, siaga: '3' },
      { level_cm: 300.5, siaga: '2' },
    ]);
    expect(historyOf(body, thing('old'))).toMatchObject([{ observed_at: second(-999_999), level_cm: 250, siaga: '3' }]);
    expect(historyOf(body, thing('never'))).toEqual([]);
    // Against the table itself, over all levels there are.
    for (const level of [-40, 0, 199.99, 200, 299.99, 300, 399.99, 400, 4000]) {
      await sql`update river_gauge set level_cm = ${level}, observed_at = ${at(3650)}::timestamptz where id = ${thing('above')}`.execute(
        db,
      );
      const { rows } = await sql<{ siaga: string }>`select siaga from river_gauge where id = ${thing('above')}`.execute(
        db,
      );
      const later = await ask(`river_gauge/series?${hour}`);
      expect(historyOf(later.body, thing('above')).at(-1)).toMatchObject({ level_cm: level, siaga: rows[0]!.siaga });
    }
    await sql`update river_gauge set level_cm = null, observed_at = null where id = ${thing('above')}`.execute(db);
  });

  test('of what moves has its way, and loses nothing that was said once', async () => {
    const { body } = await ask(`unit/series?from=${at(0)}&to=${at(60)}&resolution=30s`);
    expect(Object.keys(body)).not.toContain('lon');
    expect(body.properties).toEqual({ name: ['Praja 1', 'Praja 2'], kind: ['patrol_car', 'boat'] });
    const place = (lon: number | null, lat: number | null) => ({ lon, lat });
    expect(historyOf(body, thing('car'))).toEqual([
      { observed_at: second(-30), ...place(113.7, -8.15), speed_km_h: 20, course_deg: 350, state: 'enroute' },
      // Its state was said here, and not again in this half minute.
      { observed_at: second(5), ...place(113.701, -8.16), speed_km_h: 30, course_deg: 10, state: 'responding' },
      { observed_at: second(20), ...place(113.702, -8.161), speed_km_h: 31, course_deg: 10, state: null },
      { observed_at: second(50), ...place(113.703, -8.162), speed_km_h: 32, course_deg: 11, state: null },
      { observed_at: second(55), ...place(null, null), speed_km_h: null, course_deg: null, state: 'on_scene' },
    ]);
  });

  test('of a box has what stands in it, and what moved through it', async () => {
    const gauges = await ask(`river_gauge/series?${hour}&bbox=113.705,-8.25,113.95,-8.15`);
    expect(gauges.body.id).toEqual([thing('above')]);
    const units = await ask(`unit/series?${hour}&bbox=113.7,-8.165,113.705,-8.155`);
    expect(units.body.id).toEqual([thing('car')]);
    const nowhere = await ask(`unit/series?${hour}&bbox=113.98,-8.6,114,-8.4`);
    expect(nowhere.body).toMatchObject({ id: [], rows: [], observations: { lon: [], state: [] } });
  });

  test('is as fine as there are few of them, and refuses what is too much', async () => {
    const { body } = await ask(`unit/series?${hour}`);
    expect(body.resolution).toBe(5);
    const month = await ask(`unit/series?from=${at(0)}&to=${at(30 * 86_400)}`);
    expect(month.body.resolution).toBe(60);
    const tooMuch = await ask(`unit/series?from=${at(0)}&to=${at(30 * 86_400)}&resolution=1s`);
    expect(tooMuch.status).toBe(400);
    expect(tooMuch.body.detail).toContain("ask for a 'resolution' of 21s or more");
  });

  test.each([
    ['camera/series', 404],
    ['nothing/series', 404],
    ['unit/series?bbox=1,2,3', 400],
    ['unit/series?from=kemarin', 400],
    ['unit/series?resolution=1', 400],
    ['unit/series?from=2026-10-02T00:00:00Z&to=2026-10-01T00:00:00Z', 400],
  ])('%s is %d, and says why', async (path, status) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(answer.body.detail.length).toBeGreaterThan(10);
  });

  test('is kept by nobody, and compressed', async () => {
    const plain = await app.request(`/api/layers/river_gauge/series?${hour}`);
    expect(plain.headers.get('Cache-Control')).toBe('no-store');
    const packed = await app.request(`/api/layers/river_gauge/series?${hour}`, {
      headers: { 'Accept-Encoding': 'gzip' },
    });
    expect(packed.headers.get('Content-Encoding')).toBe('gzip');
    expect(Number((await packed.arrayBuffer()).byteLength)).toBeLessThan((await plain.arrayBuffer()).byteLength);
  });
});

describe('what a viewer does not see', () => {
  const hour = { from: base, to: base + 3_700_000, resolution: 60, bbox: undefined };

  test('is no layer', async () => {
    const { app: forPublic } = await testApp(connection, { ROLE: 'public' });
    expect((await ask(`unit/series`, forPublic)).status).toBe(404);
    expect((await ask(`river_gauge/series`, forPublic)).status).toBe(200);
  });

  test('leaves no trace: rows, attributes, and attributes of some rows; states follow all the same', async () => {
    const gauge = (await layerFiles()).find(({ id }) => id === 'river_gauge')!;
    const some = {
      ...gauge,
      visible: { default: { attributes: ['siaga', 'quality'] as const, where: "name <> 'Pos Lama'" } },
    };
    const view = viewOf(some, visitor('public'))!;
    expect(await countThings(connection, view, hour)).toBe(3);
    const told = JSON.parse(await seriesOfLayer(connection, view, hour));
    expect(told.id).toEqual(['busy', 'above', 'never'].map(thing));
    expect(Object.keys(told.observations)).toEqual(['observed_at', 'quality', 'siaga']);
    expect(Object.keys(told.properties)).toEqual(['name']);
    expect(told.observations.siaga).toEqual(['4', '3', null, '1', '2', '3', '2']);

    const parted = {
      ...gauge,
      visible: {
        default: [{ attributes: ['quality'] as const }, { attributes: 'all' as const, where: "name = 'Pos Tepat'" }],
      },
    };
    const masked = JSON.parse(await seriesOfLayer(connection, viewOf(parted, visitor('public'))!, hour));
    expect(Object.keys(masked.observations)).toEqual(['observed_at', 'level_cm', 'quality']);
    expect(historyOf(masked, thing('busy')).map(({ level_cm }) => level_cm)).toEqual([null, null, null, null, null]);
    expect(historyOf(masked, thing('above')).map(({ level_cm }) => level_cm)).toEqual([300, 300.5]);
    const registry = new Registry([parted]);
    const narrowed = createApp({ ...parts, registry });
    const one = await ask(`river_gauge/${thing('busy')}/series?from=${at(0)}&to=${at(3700)}`, narrowed);
    expect(Object.keys((one.body as unknown as { attributes: object }).attributes)).toEqual(['quality']);
    const other = await ask(`river_gauge/${thing('above')}/series?from=${at(0)}&to=${at(3700)}`, narrowed);
    expect(Object.keys((other.body as unknown as { attributes: object }).attributes)).toEqual(['level_cm', 'quality']);
  });
});
