import type { MultiPolygon } from 'geojson';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { filterSql, parseFilter } from '../../server/registry/filter/filter.ts';
import { areaText, liesIn } from '../../server/registry/grant_area.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { viewOf } from '../../server/registry/view.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { boxOf } from '../support/box.ts';
import { testDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { insertRows } from '../support/rows.ts';
import { step, uploaded } from '../support/uploading.ts';

/** "Edits only its own agency's features within its area", where the area is drawn. */
const { connection } = await testDatabase();
const { db } = connection;
const { parts, complaints } = await testApp(connection);
const layers = await layerFiles();
const layer = (id: string) => layers.find((each) => each.id === id)!;
const agency = 'BPBD';
const west = boxOf(113.6, -8.3, 113.7, -8.1);
const officer = doorOf(parts, viewerNamed('Cici', { role: 'agency_operator', agency, polygon: west }));
const district = { role: 'agency_operator', agency, areas: ['35.09.19'], polygon: west } as const;
const either = doorOf(parts, viewerNamed('Dodi', district));
const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));
const point = (lon: number) => ({ type: 'Point', coordinates: [lon, -8.2] });
const shelter = async (lon: number, area_code: string | null = null) =>
  (
    await insertRows(db, layer('shelter'), [{ geom: `SRID=4326;POINT(${lon} -8.2)`, name: 'Balai', agency, area_code }])
  )[0]!;
const at = (id: number, action: string, of = 'shelter') => `/api/layers/${of}/features/${id}/${action}`;

describe('a role within a polygon', () => {
  test('edits inside and not outside, whatever the village says', async () => {
    const [inside, outside] = [await shelter(113.65, '35.09.20.1001'), await shelter(113.75, '35.09.20.1001')];
    const on = await shelter(113.7);
    expect((await officer.post(at(inside, 'edit'), { input: { name: 'A' } }, 1)).status).toBe(200);
    expect((await officer.post(at(outside, 'edit'), { input: { name: 'A' } }, 1)).status).toBe(403);
    expect((await officer.post(at(on, 'edit'), { input: { name: 'A' } }, 1)).status, 'its edge is outside').toBe(403);
    expect((await officer.post(at(outside, 'delete'), { reason: 'x' }, 1)).status).toBe(403);
    const told = async (id: number) => (await (await officer.get(at(id, 'actions'))).json()).actions;
    expect(await told(inside)).toContain('edit');
    expect(await told(outside)).not.toContain('edit');
    expect((await officer.get(at(outside, 'history'))).status).toBe(403);
  });

  test('moves nothing out, nothing in, and adds inside only', async () => {
    const [inside, outside] = [await shelter(113.65), await shelter(113.75)];
    expect((await officer.post(at(inside, 'edit'), { input: { geometry: point(113.75) } }, 1)).status).toBe(403);
    expect((await officer.post(at(outside, 'edit'), { input: { geometry: point(113.65) } }, 1)).status).toBe(403);
    expect((await officer.post(at(inside, 'edit'), { input: { geometry: null } }, 1)).status, 'nowhere').toBe(403);
    expect((await officer.post(at(inside, 'edit'), { input: { geometry: point(113.66) } }, 1)).status).toBe(200);
    const add = (lon: number) =>
      officer.post('/api/layers/shelter/features', { input: { name: 'Baru', geometry: point(lon) } });
    expect([(await add(113.65)).status, (await add(113.75)).status]).toEqual([201, 403]);
  });

  test('takes back, restores and finds among the deleted what lies inside', async () => {
    const [inside, outside] = [await shelter(113.65), await shelter(113.75)];
    for (const id of [inside, outside])
      expect((await admin.post(at(id, 'delete'), { reason: 'x' }, 1)).status).toBe(200);
    const listed = (await (await officer.get('/api/layers/shelter/deleted')).json()).features;
    expect(listed.map(({ id }: { id: number }) => id)).toContain(inside);
    expect(listed.map(({ id }: { id: number }) => id)).not.toContain(outside);
    expect((await officer.post(at(outside, 'restore'))).status).toBe(404);
    expect((await officer.post(at(inside, 'restore'))).status).toBe(200);
    // Moved out by another: to take it back one needs a right to where it is, and of what is elsewhere one reads no history.
    const { audit, version } = await (
      await admin.post(at(inside, 'edit'), { input: { geometry: point(113.75) } }, 3)
    ).json();
    expect(version).toBe(4);
    expect((await officer.post(`/api/audit/${audit}/undo`)).status).toBe(404);
    expect((await admin.post(`/api/audit/${audit}/undo`)).status).toBe(200);
  });

  test('a shape must lie in it whole, also to be cut', async () => {
    const area = async (east: number) =>
      (
        await insertRows(db, layer('flood_area'), [
          {
            geom: `SRID=4326;MULTIPOLYGON(((113.62 -8.25,${east} -8.25,${east} -8.15,113.62 -8.15,113.62 -8.25)))`,
            name: 'Genangan',
            agency,
          },
        ])
      )[0]!;
    const [inside, across] = [await area(113.69), await area(113.71)];
    const cut = {
      type: 'LineString',
      coordinates: [
        [113.65, -8.4],
        [113.65, -8],
      ],
    };
    const edit = (id: number) => officer.post(at(id, 'edit', 'flood_area'), { input: { name: 'B' } }, 1);
    expect([(await edit(inside)).status, (await edit(across)).status]).toEqual([200, 403]);
    expect((await officer.post(at(across, 'split', 'flood_area'), { input: { cut } }, 1)).status).toBe(403);
    const done = await officer.post(at(inside, 'split', 'flood_area'), { input: { cut } }, 2);
    expect(done.status, await done.clone().text()).toBe(200);
  });

  test('with districts as well, what lies in either', async () => {
    const [drawn, coded, neither] = [
      await shelter(113.65),
      await shelter(113.75, '35.09.19.1001'),
      await shelter(113.75),
    ];
    const edit = async (id: number) => (await either.post(at(id, 'edit'), { input: { name: 'C' } }, 1)).status;
    expect([await edit(drawn), await edit(coded), await edit(neither)]).toEqual([200, 200, 403]);
  });

  test('a file adds, changes and moves what lies inside', async () => {
    const into = async (...lines: string[]) => {
      const id = await uploaded(officer, 'posko.csv', ['kode,nama,lon,lat', ...lines].join('\n'));
      const job = await step(officer, id, 'commit', { layer: 'shelter' });
      return job.result ?? job.problem;
    };
    expect(await into('P-1,Satu,113.65,-8.2', 'P-2,Dua,113.75,-8.2')).toMatchObject({ inserted: 1, rejected: 1 });
    expect(await into('P-1,Satu,113.66,-8.2', 'P-3,Tiga,113.6,-8.2')).toMatchObject({ updated: 1, rejected: 1 });
    expect(await into('P-1,Satu,113.76,-8.2')).toMatchObject({ status: 422 });
    expect(complaints).toEqual([]);
  });
});

test('what covers a thing and what a view shows are the same, for random outlines and things', async () => {
  const random = seededRandom(140);
  const near = (middle: number) => Number((middle + (random() - 0.5) / 5).toFixed(random() < 0.5 ? 2 : 7));
  const made = new Map<number, { geometry: string; area_code: string | null }>();
  for (let i = 0; i < 60; i++) {
    const geometry = JSON.stringify({ type: 'Point', coordinates: [near(113.7), near(-8.2)] });
    const area_code = random() < 0.5 ? '35.09.19.1001' : null;
    const { rows } = await sql<{ id: number }>`insert into siren (geom, name, agency, area_code)
      values (st_setsrid(st_geomfromgeojson(${geometry}), 4326), 'x', 'Uji', ${area_code}) returning id`.execute(db);
    made.set(rows[0]!.id, { geometry, area_code });
  }
  let inside = 0;
  for (let i = 0; i < 40; i++) {
    const [lon, lat] = [near(113.65), near(-8.25)];
    const polygon: MultiPolygon = boxOf(lon, lat, lon + 0.01 + random() / 10, lat + 0.01 + random() / 10);
    const grant = {
      role: 'agency_operator',
      agency: 'Uji',
      polygon,
      ...(random() < 0.3 && { areas: ['35.09.19'] }),
    } as const;
    const whole = viewOf(layer('siren'), { grants: [{ role: 'admin' }] })!;
    const filter = parseFilter(whole, areaText(grant)!, 'cql2-text');
    const { rows } = await sql<{ id: number }>`select id from siren where agency = 'Uji'
      and ${filterSql(filter)}`.execute(db);
    const covered = [...made].filter(([, where]) => liesIn(grant, where)).map(([id]) => id);
    expect(
      rows.map(({ id }) => id).toSorted((a, b) => a - b),
      JSON.stringify(grant),
    ).toEqual(covered);
    inside += covered.length;
  }
  expect(inside).toBeGreaterThan(100);
});
