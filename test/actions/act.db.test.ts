import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { verify } from '../../server/audit/verify.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { insertRows, type Row } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const layers = await layerFiles();
const layer = (id: string) => layers.find((each) => each.id === id)!;
const point = 'SRID=4326;POINT(113.7 -8.17)';
const square = 'SRID=4326;MULTIPOLYGON(((113.6 -8.3,113.8 -8.3,113.8 -8.1,113.6 -8.1,113.6 -8.3)))';
const add = async (id: string, row: Row) =>
  (await insertRows(db, layer(id), [{ geom: point, source: 'operator', ...row }]))[0]!;

await add('village', { code: '35.09.19.1006', name: 'Kepatihan', geom: square });
const { parts, follower, complaints } = await testApp(connection);

const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));
const works = doorOf(parts, viewerNamed('Budi', { role: 'agency_operator', agency: 'DPU SDA' }));
const worksElsewhere = doorOf(
  parts,
  viewerNamed('Cipto', { role: 'agency_operator', agency: 'DPU SDA', areas: ['35.09.01'] }),
);
const others = doorOf(parts, viewerNamed('Dewi', { role: 'agency_operator', agency: 'Dishub' }));
const room = doorOf(parts, viewerNamed('Eka', { role: 'operator' }));
const citizen = doorOf(parts, viewerNamed('Fajar', { role: 'citizen' }));
const nobody = doorOf(parts, visitor('admin'));

const gauge = (name: string) => add('river_gauge', { name, agency: 'DPU SDA', area_code: '35.09.19.1006' });
const address = (id: number, action: string, of = 'river_gauge') => `/api/layers/${of}/features/${id}/${action}`;
const stored = async (of: string, id: number) => {
  const { rows } = await sql<Record<string, unknown>>`
    select *, st_asgeojson(geom) as place from ${sql.table(of)} where id = ${id}`.execute(db);
  return rows[0];
};
const trail = async (id: number, of = 'river_gauge') => {
  const { rows } = await sql<Record<string, unknown>>`
    select * from audit where layer = ${of} and feature = ${id} order by id`.execute(db);
  return rows;
};

describe('one edit', () => {
  test('changes the row and writes who, what and why, in one', async () => {
    const id = await gauge('Pos Lama');
    const body = { input: { name: 'Pos Baru' }, reason: 'Papan nama diganti', case_id: 'K-1' };
    const response = await works.post(address(id, 'edit'), body, 1);
    expect(response.status).toBe(200);
    expect(response.headers.get('ETag')).toBe('"2"');
    expect(await response.json()).toMatchObject({ layer: 'river_gauge', id, version: 2, changed: ['name'] });
    expect(await stored('river_gauge', id)).toMatchObject({ name: 'Pos Baru', version: 2 });
    expect(await trail(id)).toMatchObject([
      {
        ...{ actor: 'person-Budi', actor_name: 'Budi', roles: ['agency_operator'], action: 'edit', version: 2 },
        ...{ before: { name: 'Pos Lama' }, after: { name: 'Pos Baru' }, reason: 'Papan nama diganti', case_id: 'K-1' },
        request_id: response.headers.get('X-Request-Id'),
      },
    ]);
    expect((await verify(db)).broken).toBeUndefined();
  });

  test('that changes nothing writes nothing', async () => {
    const id = await gauge('Pos');
    const response = await works.post(address(id, 'edit'), { input: { name: 'Pos' } }, 1);
    expect(await response.json()).toMatchObject({ version: 1, audit: null });
    expect(await trail(id)).toEqual([]);
  });

  test('moves a thing, and with it its area', async () => {
    const id = await add('river_gauge', { name: 'Pos', agency: 'DPU SDA', area_code: null });
    const geometry = { type: 'Point', coordinates: [113.71, -8.16] };
    expect((await admin.post(address(id, 'edit'), { input: { geometry } }, 1)).status).toBe(200);
    const row = await stored('river_gauge', id);
    expect(JSON.parse(String(row?.place))).toEqual(geometry);
    expect(row?.area_code).toBe('35.09.19.1006');
    expect((await trail(id))[0]).toMatchObject({
      before: { area_code: null },
      after: { geometry, area_code: '35.09.19.1006' },
    });
  });
});

describe('is checked in this order', () => {
  test('what one sees: hidden, unknown and no number are the same', async () => {
    const id = await add('panic_button', { name: 'Pasar', agency: 'Satpol PP', state: 'pressed' });
    const bodies = await Promise.all(
      [
        address(id, 'edit', 'panic_button'),
        address(id, 'nothing', 'panic_button'),
        address(1, 'edit', 'no_such_layer'),
      ].map(async (path) => {
        const response = await citizen.post(path, { input: { wrong: 1 } });
        expect(response.status, path).toBe(404);
        return (await response.json()).detail;
      }),
    );
    expect(bodies.map((text) => text.replace(/'.*'/, ''))).toEqual(Array(3).fill(bodies[0].replace(/'.*'/, '')));
    const known = await room.post(address(id + 999, 'edit', 'panic_button'), { input: { wrong: 1 } });
    expect(known.status).toBe(404);
  });

  test('that somebody signed in, and their role, before anything of the input', async () => {
    const id = await gauge('Pos');
    for (const [door, status] of [
      [nobody, 401],
      [citizen, 403],
      [others, 403],
      [worksElsewhere, 403],
      [room, 403],
    ] as const) {
      const response = await door.post(address(id, 'edit'), { input: { wrong: 1 } });
      expect(response.status).toBe(status);
      expect(await response.text()).not.toContain('wrong');
    }
    expect(await trail(id)).toEqual([]);
  });

  test('the input before the version', async () => {
    const id = await gauge('Pos');
    const response = await works.post(address(id, 'edit'), { input: { level_cm: 'tinggi' } }, 77);
    expect(response.status).toBe(422);
  });

  test('the version before the limits of the thing', async () => {
    const id = await add('panic_button', { name: 'Pasar', agency: 'Satpol PP', state: 'idle' });
    const acknowledge = address(id, 'acknowledge', 'panic_button');
    expect((await room.post(acknowledge)).status).toBe(428);
    expect((await room.post(acknowledge, {}, '*')).status).toBe(428);
    expect((await room.post(acknowledge, {}, 9)).status).toBe(412);
    expect((await room.post(acknowledge, {}, 'W/"1"')).status).toBe(412);
    const refused = await room.post(acknowledge, {}, 1);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ attribute: 'state' });
  });
});

test('errors stand at their fields, all at once', async () => {
  const id = await gauge('Pos');
  const input = {
    ...{ name: ' ', trend: 'sideways', level_cm: 'tinggi', river: 'x'.repeat(300), beds: 1, bad: '\u0000' },
    geometry: { type: 'Point', coordinates: [-8.17, 113.7] },
  };
  const response = await works.post(address(id, 'edit'), { input }, 1);
  expect(response.status).toBe(422);
  expect(response.headers.get('Content-Type')).toContain('application/problem+json');
  const { errors } = await response.json();
  const codes = Object.fromEntries(errors.map(({ pointer, code }: Record<string, string>) => [pointer, code]));
  expect(codes).toEqual({
    '#/input/name': 'required',
    '#/input/trend': expect.stringMatching(/choice|read_only/),
    '#/input/level_cm': 'type',
    '#/input/river': 'length',
    '#/input/beds': 'unknown',
    '#/input/bad': 'unknown',
    '#/input/geometry': expect.stringMatching(/region|geometry/),
  });
});

test('what a device or the database says cannot be written by hand', async () => {
  const id = await add('camera', { name: 'Alun-alun', agency: 'Dishub', owner_type: 'city' });
  const { errors } = await (
    await others.post(address(id, 'edit', 'camera'), { input: { status: 'online', version: 9 } }, 1)
  ).json();
  expect(errors).toMatchObject([{ code: 'read_only' }, { code: 'unknown' }]);
});

test('a shape that crosses itself, or lies elsewhere, is refused', async () => {
  const id = await add('flood_zone', { name: 'Zona', agency: 'BPBD', geom: square });
  const ring = (...coordinates: readonly (readonly number[])[]) => ({ type: 'Polygon', coordinates: [coordinates] });
  const crossing = ring([113.7, -8.2], [113.8, -8.1], [113.8, -8.2], [113.7, -8.1], [113.7, -8.2]);
  const elsewhere = ring([110, -8.2], [110.1, -8.2], [110.1, -8.1], [110, -8.2]);
  for (const [geometry, code] of [
    [crossing, 'crossing'],
    [elsewhere, 'region'],
  ] as const) {
    const response = await admin.post(address(id, 'edit', 'flood_zone'), { input: { geometry } }, 1);
    expect(await response.json()).toMatchObject({ status: 422, errors: [{ pointer: '#/input/geometry', code }] });
  }
});

test('412 names who changed it, when and what, as far as one sees it', async () => {
  const id = await gauge('Pos');
  await works.post(address(id, 'edit'), { input: { name: 'Pos Budi' } }, 1);
  const response = await admin.post(address(id, 'edit'), { input: { name: 'Pos Ayu' } }, 1);
  expect(response.status).toBe(412);
  const body = await response.json();
  expect(body).toMatchObject({
    version: 2,
    changes: [{ by: 'Budi', action: 'edit', version: 2, attributes: ['name'] }],
  });
  expect(Date.parse(body.changes[0].at)).toBeGreaterThan(Date.now() - 600_000);
  expect(body.detail).toContain('Budi');
  expect(await stored('river_gauge', id)).toMatchObject({ name: 'Pos Budi' });
  expect((await admin.post(address(id, 'edit'), { input: { name: 'Pos Ayu' } }, body.version)).status).toBe(200);
});

test('a device that reported meanwhile is told as nobody', async () => {
  const id = await gauge('Pos');
  await sql`update river_gauge set level_cm = 40 where id = ${id}`.execute(db);
  const body = await (await admin.post(address(id, 'edit'), { input: { name: 'Ganti' } }, 1)).json();
  expect(body).toMatchObject({ status: 412, version: 2, changes: [] });
});

test('of two at once one is done and the other is told', async () => {
  const id = await gauge('Pos');
  const answers = await Promise.all(
    ['A', 'B', 'C', 'D'].map((name) => admin.post(address(id, 'edit'), { input: { name } }, 1)),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412]);
  expect(await trail(id)).toHaveLength(1);
});

describe('an agency', () => {
  test('edits only its own, in its area, and gives nothing away', async () => {
    const id = await gauge('Pos');
    const give = await works.post(address(id, 'edit'), { input: { agency: 'Dishub' } }, 1);
    expect(give.status).toBe(403);
    expect((await admin.post(address(id, 'edit'), { input: { agency: 'Dishub' } }, 1)).status).toBe(200);
    expect((await works.post(address(id, 'edit'), { input: { name: 'x' } }, 2)).status).toBe(403);
    expect((await others.post(address(id, 'edit'), { input: { name: 'x' } }, 2)).status).toBe(200);
  });

  test('adds things as its own, in its area', async () => {
    const input = { name: 'Pos Baru', geometry: { type: 'Point', coordinates: [113.7, -8.17] } };
    const made = await works.post('/api/layers/river_gauge/features', { input });
    expect(made.status).toBe(201);
    const { id } = await made.json();
    expect(made.headers.get('Location')).toBe(`/ogc/collections/river_gauge/items/${id}`);
    expect(await stored('river_gauge', id)).toMatchObject({
      agency: 'DPU SDA',
      area_code: '35.09.19.1006',
      source: 'operator',
    });
    expect((await trail(id))[0]).toMatchObject({ action: 'create', before: {}, after: input });
    expect((await worksElsewhere.post('/api/layers/river_gauge/features', { input })).status).toBe(403);
    expect((await citizen.post('/api/layers/river_gauge/features', { input })).status).toBe(403);
    const others = { input: { ...input, agency: 'Dishub' } };
    expect((await works.post('/api/layers/river_gauge/features', others)).status).toBe(403);
    const nameless = await works.post('/api/layers/river_gauge/features', { input: {} });
    expect(await nameless.json()).toMatchObject({
      status: 422,
      errors: [{ pointer: '#/input/name', code: 'required' }],
    });
  });

  test('a rule of the layer that is broken is said in both languages', async () => {
    const ring = [
      [113.6, -8.2],
      [113.7, -8.2],
      [113.7, -8.1],
      [113.6, -8.2],
    ];
    const geometry = { type: 'MultiPolygon', coordinates: [[ring]] };
    const input = { name: 'Jombang', code: '3509012001', geometry };
    const response = await admin.post('/api/layers/village/features', { input });
    const en = 'the code of a village is written with dots, like 35.09.01.2001';
    expect(await response.json()).toMatchObject({
      status: 422,
      errors: [
        { code: 'rule', detail: en, words: { id: 'kode desa ditulis dengan titik, seperti 35.09.01.2001', en } },
      ],
    });
  });

  test('a code that is taken is an error of its field', async () => {
    await add('river_gauge', { name: 'Pos', code: 'PDA-9' });
    const response = await admin.post('/api/layers/river_gauge/features', { input: { name: 'Pos', code: 'PDA-9' } });
    expect(await response.json()).toMatchObject({ status: 422, errors: [{ pointer: '#/input/code', code: 'taken' }] });
  });
});

describe('what is deleted', () => {
  test('needs a reason, leaves every output at once, and comes back with its id', async () => {
    const id = await add('river_gauge', {
      name: 'Pos Hilang',
      agency: 'DPU SDA',
      level_cm: 12.5,
      observed_at: '2026-11-21T12:00:00.123Z',
      code: 'PDA-77',
    });
    const before = await stored('river_gauge', id);
    expect((await works.post(address(id, 'delete'), {}, 1)).status).toBe(422);
    const gone = await works.post(address(id, 'delete'), { reason: 'Hanyut' }, 1);
    expect(gone.status).toBe(200);
    await follower.catchUp();
    expect(parts.live.layer('river_gauge').slotOf(id)).toBe(-1);
    expect((await works.get(`/ogc/collections/river_gauge/items/${id}`)).status).toBe(404);
    expect((await works.post(address(id, 'edit'), { input: { name: 'x' } }, 2)).status).toBe(404);
    expect((await others.post(address(id, 'restore'))).status).toBe(404);
    expect((await citizen.post(address(id, 'restore'))).status).toBe(404);
    const deleted = async (door: typeof works) => {
      const { features } = await (await door.get('/api/layers/river_gauge/deleted')).json();
      return features.filter((feature: { id: number }) => feature.id === id);
    };
    expect(await deleted(works)).toMatchObject([{ name: 'Pos Hilang', code: 'PDA-77' }]);
    expect(await deleted(others)).toEqual([]);
    expect((await nobody.get('/api/layers/river_gauge/deleted')).status).toBe(401);
    const back = await works.post(address(id, 'restore'));
    expect(await back.json()).toMatchObject({ id, version: 3 });
    const after = await stored('river_gauge', id);
    expect(after).toEqual({ ...before, version: 3, updated_at: after?.updated_at });
    expect((await works.post(address(id, 'restore'))).status).toBe(404);
    expect((await trail(id)).map(({ action, reason }) => [action, reason])).toEqual([
      ['delete', 'Hanyut'],
      ['restore', null],
    ]);
  });

  test('after 30 days it is gone', async () => {
    const id = await gauge('Pos');
    await works.post(address(id, 'delete'), { reason: 'x' }, 1);
    await sql`update deleted_feature set deleted_at = now() - interval '31 days' where feature = ${id}`.execute(db);
    expect((await works.post(address(id, 'restore'))).status).toBe(404);
  });

  test('does not come back over another with its code', async () => {
    const id = await add('river_gauge', { name: 'Pos', agency: 'DPU SDA', code: 'PDA-55' });
    await works.post(address(id, 'delete'), { reason: 'x' }, 1);
    await add('river_gauge', { name: 'Pos', code: 'PDA-55' });
    expect((await works.post(address(id, 'restore'))).status).toBe(409);
  });
});

test('what people count is kept as a series, and leaves it when it is taken back', async () => {
  const id = await add('shelter', { name: 'Balai', code: 'TPS-1', state: 'ready', capacity: 100, agency: 'BPBD' });
  const officer = doorOf(parts, viewerNamed('Gita', { role: 'disaster_officer' }));
  const of = (action: string) => address(id, action, 'shelter');
  const series = async () => {
    const { rows } = await sql<{ occupied: number; state: string | null }>`
      select occupied, state from shelter_series where feature = ${id} order by observed_at`.execute(db);
    return rows.map(({ occupied, state }) => [occupied, state]);
  };
  expect((await officer.post(of('open'), { input: { occupied: 0 } }, 1)).status).toBe(200);
  const counted = await officer.post(of('count'), { input: { occupied: 95 } }, 2);
  expect(await series()).toEqual([
    [0, 'open'],
    [95, 'nearly_full'],
  ]);
  expect((await officer.post(`/api/audit/${(await counted.json()).audit}/undo`)).status).toBe(200);
  expect(await series()).toEqual([[0, 'open']]);
  // A counter at the door says it as any device does.
  const body = JSON.stringify({ code: 'TPS-1', observed_at: new Date().toISOString(), occupied: 40 });
  const sent = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
  expect(await (await room.app.request('/api/ingest/shelter', sent)).json()).toMatchObject({ accepted: 1 });
  const told = await (await room.app.request(`/api/layers/shelter/${id}/series`)).json();
  expect(told.attributes.occupied).toMatchObject({ min: [0], max: [40] });
});

describe('undo', () => {
  const undo = (door: typeof works, audit: number) => door.post(`/api/audit/${audit}/undo`);
  const audited = async (response: Response) => {
    expect(response.status, await response.clone().text()).toBeLessThan(300);
    return (await response.json()).audit as number;
  };

  test('of an edit puts back what it changed, whatever else was changed since', async () => {
    const id = await gauge('Pos');
    const geometry = { type: 'Point', coordinates: [113.71, -8.165] };
    const audit = await audited(
      await works.post(address(id, 'edit'), { input: { name: 'Salah', river: 'Bedadung', geometry } }, 1),
    );
    await sql`update river_gauge set level_cm = 40 where id = ${id}`.execute(db);
    const again = await audited(await undo(works, audit));
    expect(await stored('river_gauge', id)).toMatchObject({
      name: 'Pos',
      river: null,
      level_cm: 40,
      place: expect.stringContaining('[113.7,-8.17]'),
    });
    expect((await trail(id)).at(-1)).toMatchObject({ action: 'undo', undoes: audit, after: { name: 'Pos' } });
    await audited(await undo(works, again));
    expect(await stored('river_gauge', id)).toMatchObject({ name: 'Salah', river: 'Bedadung' });
  });

  test('is refused when somebody changed the same again, and to who may not', async () => {
    const id = await gauge('Pos');
    const audit = await audited(await works.post(address(id, 'edit'), { input: { name: 'Salah' } }, 1));
    expect((await undo(others, audit)).status, 'who reads no history of it').toBe(404);
    expect((await undo(room, audit)).status).toBe(403);
    expect((await undo(nobody, audit)).status).toBe(401);
    await admin.post(address(id, 'edit'), { input: { name: 'Benar' } }, 2);
    const late = await undo(works, audit);
    expect(await late.json()).toMatchObject({ status: 412, changes: [{ by: 'Ayu', attributes: ['name'] }] });
    // Of what one does not see, neither the layer is named nor that there is an act.
    const button = await add('panic_button', { name: 'Pasar', agency: 'Satpol PP', state: 'pressed' });
    const hidden = await audited(await room.post(address(button, 'acknowledge', 'panic_button'), {}, 1));
    const unknown = await undo(citizen, 999_999);
    expect(unknown.status).toBe(404);
    expect(await (await undo(citizen, hidden)).json()).toEqual(await unknown.json());
  });

  test('of a delete restores, of what was added deletes', async () => {
    const id = await gauge('Pos');
    const audit = await audited(await works.post(address(id, 'delete'), { reason: 'x' }, 1));
    const restored = await audited(await undo(works, audit));
    expect(await stored('river_gauge', id)).toMatchObject({ name: 'Pos' });
    await audited(await undo(works, restored));
    expect(await stored('river_gauge', id)).toBeUndefined();
    const made = await works.post('/api/layers/river_gauge/features', { input: { name: 'Baru' } });
    const { id: added, audit: adding } = await made.json();
    await audited(await undo(works, adding));
    expect(await stored('river_gauge', added)).toBeUndefined();
  });
});

test('hidden attributes are as unknown to an edit, to a conflict and to the history', async () => {
  const id = await add('complaint', {
    subject: 'Jalan',
    agency: 'DPU SDA',
    anonymous: true,
    secret: false,
    reporter_name: 'Rahasia Sekali',
  });
  const door = doorOf(parts, viewerNamed('Gita', { role: 'operator' }));
  expect(
    (await door.post(address(id, 'edit', 'complaint'), { input: { reporter_name: 'Nama Rahasia' } }, 1)).status,
  ).toBe(200);
  const unknown = await works.post(address(id, 'edit', 'complaint'), { input: { reporter_name: 'x' } }, 1);
  expect(await unknown.json()).toMatchObject({ errors: [{ code: 'unknown' }] });
  const conflict = await works.post(address(id, 'edit', 'complaint'), { input: { subject: 'x' } }, 1);
  expect(await conflict.json()).toMatchObject({ status: 412, version: 2, changes: [] });
  for (const path of ['history', 'actions'])
    expect(await (await works.get(address(id, path, 'complaint'))).text()).not.toMatch(/reporter|Rahasia/);
  expect(await (await door.get(address(id, 'history', 'complaint'))).text()).toContain('Nama Rahasia');
  // Nor that there was such an act: its time, who did it and why would tell of it.
  const both = { input: { subject: 'Jalan rusak', reporter_name: 'Lain' }, reason: 'Salah tulis' };
  const { audit } = await (await door.post(address(id, 'edit', 'complaint'), both, 2)).json();
  const entriesFor = async (by: typeof works) =>
    (await (await by.get(address(id, 'history', 'complaint'))).json()).entries as { after: object; version: number }[];
  expect(await entriesFor(works)).toMatchObject([
    { id: audit, version: 3, after: { subject: 'Jalan rusak' }, reason: 'Salah tulis' },
  ]);
  expect((await entriesFor(door)).map(({ version }) => version)).toEqual([3, 2]);
  const { rows } = await sql<{ id: number }>`
    select id from audit where layer = 'complaint' and feature = ${id} and version = 2`.execute(db);
  const never = await works.post('/api/audit/999999/undo');
  const hidden = await works.post(`/api/audit/${rows[0]!.id}/undo`);
  expect([hidden.status, await hidden.text()]).toEqual([404, await never.text()]);
  expect((await citizen.get(address(id, 'history', 'complaint'))).status).toBe(403);
});

test('nothing of it was a fault of the server, and the chain is whole', async () => {
  expect(complaints).toEqual([]);
  const { broken, entries } = await verify(db);
  expect(broken).toBeUndefined();
  expect(entries).toBeGreaterThan(20);
});
