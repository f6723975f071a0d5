import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { type Client, person, signedIn } from '../support/people.ts';
import { insertRows } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const served = await testApp(connection, { ROLE: 'public' });
const { app, complaints } = served;
const gauge = (await layerFiles()).find(({ id }) => id === 'river_gauge')!;
const made = async (agency: string) => {
  const thresholds = { siaga1_cm: 400, siaga2_cm: 300, siaga3_cm: 200 };
  const row = { name: 'Pos', geom: 'SRID=4326;POINT(113.7 -8.17)', agency, ...thresholds };
  return (await insertRows(db, gauge, [row]))[0]!;
};
const stored = async (id: number) =>
  (
    await sql<{ agency: string; siaga1_cm: number; version: number }>`
      select agency, siaga1_cm, version from river_gauge where id = ${id}`.execute(db)
  ).rows[0];
await person(served, 'admin@jember.test', { role: 'admin' });
await person(served, 'kepala@jember.test', { role: 'agency_head', agency: 'DPU SDA' });
const [admin, head] = [await signedIn(app, 'admin@jember.test'), await signedIn(app, 'kepala@jember.test')];

test('taking an act back needs the right over what the feature becomes, as doing it does', async () => {
  const id = await made('Dishub');
  const item = `/ogc/collections/river_gauge/items/${id}`;
  const handedOver = { properties: { agency: 'BPBD' } };
  expect((await admin.ask('PATCH', item, handedOver, { 'If-Match': '"1"' })).status).toBe(204);
  const { rows } = await sql<{ id: number }>`select id from audit where feature = ${id} and action = 'edit'`.execute(
    db,
  );
  await person(served, 'petugas@jember.test', { role: 'agency_operator', agency: 'BPBD' });
  const operator = await signedIn(app, 'petugas@jember.test');
  const back = { properties: { agency: 'Dishub' } };
  expect((await operator.ask('PATCH', item, back, { 'If-Match': '"2"' })).status).toBe(403);
  expect((await operator.ask('POST', `/api/audit/${rows[0]!.id}/undo`, {})).status).toBe(403);
  expect(await stored(id)).toMatchObject({ agency: 'BPBD', version: 2 });
  expect((await admin.ask('POST', `/api/audit/${rows[0]!.id}/undo`, {})).status).toBe(200);
  expect(await stored(id)).toMatchObject({ agency: 'Dishub', version: 3 });
});

test('a layer names who adds and who deletes where they are others than who edits', async () => {
  const { rows } = await sql<{ id: number }>`
    insert into complaint (subject, agency, secret, anonymous) values ('Lubang', 'DPU SDA', false, true) returning id`.execute(
    db,
  );
  const id = rows[0]!.id;
  const item = `/ogc/collections/complaint/items/${id}`;
  await person(served, 'opd@jember.test', { role: 'agency_operator', agency: 'DPU SDA' });
  const operator = await signedIn(app, 'opd@jember.test');
  const { layers } = await (await operator.ask('GET', '/api/layers')).json();
  const listed: { name: string; input: object }[] = layers.find(
    (each: { id: string }) => each.id === 'complaint',
  ).actions;
  expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(['create', 'edit']));
  for (const name of ['delete', 'restore']) expect(listed.map((each) => each.name)).not.toContain(name);
  const { actions } = await (await operator.ask('GET', `/api/layers/complaint/features/${id}/actions`)).json();
  expect(actions).toContain('edit');
  expect(actions).not.toContain('delete');
  expect(
    (await operator.ask('PATCH', item, { properties: { subject: 'Lubang besar' } }, { 'If-Match': '"1"' })).status,
  ).toBe(204);
  const seen = { 'If-Match': '"2"' };
  expect((await operator.ask('DELETE', `${item}?reason=x`, undefined, seen)).status).toBe(403);
  expect(
    (await operator.ask('POST', `/api/layers/complaint/features/${id}/delete`, { reason: 'x' }, seen)).status,
  ).toBe(403);
  const many = { features: [{ id, version: 2 }], reason: 'x' };
  const bulk = await operator.ask('POST', '/api/layers/complaint/actions/delete', many);
  expect(JSON.stringify(await bulk.json())).toContain('forbidden');
  const done = await (
    await admin.ask('POST', `/api/layers/complaint/features/${id}/delete`, { reason: 'Ganda' }, seen)
  ).json();
  expect((await operator.ask('POST', `/api/layers/complaint/features/${id}/restore`, {})).status).toBe(404);
  expect((await operator.ask('POST', `/api/audit/${done.audit}/undo`, {})).status).toBe(404);
  expect((await (await operator.ask('GET', '/api/layers/complaint/deleted')).json()).features).toEqual([]);
  expect((await admin.ask('POST', `/api/audit/${done.audit}/undo`, {})).status).toBe(200);
});

describe('what waits for a second person', () => {
  const ask = async (asker: Client, id: number): Promise<number> => {
    const wish = { input: { siaga1_cm: 450 }, reason: 'Palung berubah' };
    const path = `/api/layers/river_gauge/features/${id}/set_thresholds`;
    const answer = await asker.ask('POST', path, wish, { 'If-Match': '"1"' });
    expect(answer.status, await answer.clone().text()).toBe(202);
    return (await answer.json()).pending.id;
  };
  const confirm = (pending: number) => head.ask('POST', `/api/pending/${pending}/confirm`, { reason: 'Diperiksa' });

  test.each([
    ['was locked', (asker: string) => admin.ask('PUT', `/api/admin/people/${asker}/locked`, { locked: true })],
    [
      'lost the role',
      async (asker: string) => {
        const { rows } = await sql<{ id: number }>`select id from account_grant where user_id = ${asker}`.execute(db);
        return admin.ask('DELETE', `/api/admin/grants/${rows[0]!.id}`);
      },
    ],
    [
      'held the role until now',
      (asker: string) => sql`update account_grant set expires_at = now() where user_id = ${asker}`.execute(db),
    ],
    [
      'holds it in another agency now',
      (asker: string) => sql`update account_grant set agency = 'Dishub' where user_id = ${asker}`.execute(db),
    ],
  ])('is not done for somebody who %s', async (what, lose) => {
    const email = `${what.replaceAll(' ', '-')}@jember.test`;
    const asker = await person(served, email, { role: 'agency_operator', agency: 'DPU SDA' });
    const id = await made('DPU SDA');
    const pending = await ask(await signedIn(app, email), id);
    await lose(asker);
    expect((await confirm(pending)).status).toBe(409);
    expect(await stored(id)).toMatchObject({ siaga1_cm: 400, version: 1 });
    expect((await head.ask('POST', `/api/pending/${pending}/reject`, { reason: 'Diperiksa' })).status).toBe(200);
  });

  test('is done for somebody who may still do it', async () => {
    await person(served, 'tetap@jember.test', { role: 'agency_operator', agency: 'DPU SDA' });
    const id = await made('DPU SDA');
    const pending = await ask(await signedIn(app, 'tetap@jember.test'), id);
    expect((await confirm(pending)).status).toBe(200);
    expect(await stored(id)).toMatchObject({ siaga1_cm: 450, version: 2 });
  });
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
