import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Role } from '../../server/registry/role.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { parts } = await testApp(connection);
const agency = 'Dinas PU';
const door = (role: Role, held: object) =>
  doorOf(parts, { person: { id: role, name: role }, grants: [{ role, ...held }] });

test('who is kept from something cannot change what keeps him from it', async () => {
  const { rows } = await sql<{ id: number; version: number }>`
    insert into complaint (subject, agency, secret, anonymous, reporter_name)
    values ('Jalan', ${agency}, false, true, 'Rahasia') returning id, version`.execute(connection.db);
  const { id, version } = rows[0]!;
  const item = `/ogc/collections/complaint/items/${id}`;
  const officer = door('agency_operator', { agency });
  expect(await (await officer.get(item)).text()).not.toContain('Rahasia');

  const change = { properties: { anonymous: false } };
  const headers = { 'If-Match': `"${version}"` };
  // Over OGC API what cannot be written is passed over, since whole features are sent back.
  expect((await officer.send('PATCH', item, change, headers)).status).toBe(204);
  const edit = await officer.post(
    `/api/layers/complaint/features/${id}/edit`,
    { input: { anonymous: false } },
    version,
  );
  expect(edit.status).toBe(422);
  expect(await (await officer.get(item)).text()).not.toContain('Rahasia');

  // The room, which is kept from nothing, may.
  expect((await door('operator', {}).send('PATCH', item, change, headers)).status).toBe(204);
  expect(await (await officer.get(item)).text()).toContain('Rahasia');
});

test('nor by taking back what the room did to keep him from it', async () => {
  const { rows } = await sql<{ id: number; version: number }>`
    insert into complaint (subject, agency, secret, anonymous, reporter_name)
    values ('Got', ${agency}, false, false, 'Rahasia') returning id, version`.execute(connection.db);
  const { id, version } = rows[0]!;
  const path = `/api/layers/complaint/features/${id}`;
  const [room, officer] = [door('operator', {}), door('agency_operator', { agency })];
  const hide = await room.post(`${path}/edit`, { input: { anonymous: true } }, version);
  const { audit } = await hide.json();
  expect((await officer.post(`/api/audit/${audit}/undo`)).status).toBe(403);
  // Nor by taking back that the room took it back and did it again.
  const shown = await (await room.post(`/api/audit/${audit}/undo`)).json();
  const hidden = await (await room.post(`/api/audit/${shown.audit}/undo`)).json();
  expect((await officer.post(`/api/audit/${hidden.audit}/undo`)).status).toBe(403);
  expect(await (await officer.get(`/ogc/collections/complaint/items/${id}`)).text()).not.toContain('Rahasia');
  // What decides nothing he takes back as before.
  const renamed = await room.post(`${path}/edit`, { input: { subject: 'Selokan' } }, hidden.version);
  expect((await officer.post(`/api/audit/${(await renamed.json()).audit}/undo`)).status).toBe(200);
});

test('what was done is told without the names of what the row hides', async () => {
  const { rows } = await sql<{ id: number; version: number }>`
    insert into complaint (subject, agency, secret, anonymous, reporter_name)
    values ('Lampu', ${agency}, false, true, 'Rahasia') returning id, version`.execute(connection.db);
  const { id, version } = rows[0]!;
  // Who deletes as an admin and sees what an operator of its agency does.
  const officer = doorOf(parts, viewerNamed('Dua', { role: 'agency_operator', agency }, { role: 'admin' }));
  const path = `/api/layers/complaint/features/${id}`;
  const gone = await officer.post(`${path}/delete`, { reason: 'Ganda' }, version);
  expect(gone.status).toBe(200);
  const text = await gone.text();
  expect(text).toContain('subject');
  expect(text).not.toContain('reporter_name');
  const back = await officer.post(`${path}/restore`, {});
  expect(back.status).toBe(200);
  expect(await back.text()).not.toContain('reporter_name');
});

test('what somebody did not see while it was there is not listed as deleted, nor brought back', async () => {
  const { rows } = await sql<{ id: number; version: number; secret: boolean }>`
    insert into complaint (subject, agency, secret, anonymous, geom)
    select 'Pokok ' || secret, ${agency}, secret, false, st_setsrid(st_makepoint(113.7, -8.17), 4326)
    from unnest(array[true, false]) as secret returning id, version, secret`.execute(connection.db);
  const [room, admin] = [door('operator', {}), door('admin', {})]; // who edits complaints and sees no secret one
  const audits = new Map<boolean, number>();
  for (const { id, version, secret } of rows) {
    const gone = await room.post(`/api/layers/complaint/features/${id}/delete`, { reason: 'Ganda' }, version);
    audits.set(secret, (await gone.json()).audit);
  }
  const deleted = async (by: typeof room) => (await by.get('/api/layers/complaint/deleted')).text();
  for (const { secret } of rows) expect(await deleted(room)).toContain(`Pokok ${secret}`);
  expect(await deleted(admin)).toContain('Pokok false');
  expect(await deleted(admin)).not.toContain('Pokok true');
  const [hidden, shown] = rows.toSorted((a, b) => Number(b.secret) - Number(a.secret)).map(({ id }) => id);
  const never = await admin.post('/api/layers/complaint/features/999999/restore');
  const kept = await admin.post(`/api/layers/complaint/features/${hidden}/restore`);
  expect([kept.status, await kept.text()]).toEqual([404, await never.text()]);
  expect((await admin.post(`/api/audit/${audits.get(true)}/undo`)).status).toBe(404);
  expect((await admin.post(`/api/layers/complaint/features/${shown}/restore`)).status).toBe(200);
});

test('the address of a camera’s stream is written, imported and never told', async () => {
  const secret = 'rtsp://admin:rahasia@10.0.0.9/1';
  const keeper = door('agency_operator', { agency });
  const room = door('operator', {});
  const input = { name: 'Simpang', agency, geometry: { type: 'Point', coordinates: [113.7, -8.17] } };
  const made = await (
    await keeper.post('/api/layers/camera/features', { input: { ...input, stream_address: secret } })
  ).json();
  const path = `/api/layers/camera/features/${made.id}`;
  const stored = async () =>
    (await sql<{ at: string }>`select stream_address as at from camera where id = ${made.id}`.execute(connection.db))
      .rows[0]?.at;
  expect(await stored()).toBe(secret);
  const edit = (value: string, seen: number) => keeper.post(`${path}/edit`, { input: { stream_address: value } }, seen);
  const changed = await (await edit(`${secret}/2`, made.version)).json();
  expect(await stored()).toBe(`${secret}/2`);
  // A whole feature that is sent back says nothing of it, and so changes nothing.
  const item = `/ogc/collections/camera/items/${made.id}`;
  const { properties } = await (await keeper.get(item)).json();
  const put = { type: 'Feature', geometry: input.geometry, properties: { ...properties, name: 'Simpang Tiga' } };
  expect((await keeper.send('PUT', item, put, { 'If-Match': `"${changed.version}"` })).status).toBe(204);
  expect(await stored()).toBe(`${secret}/2`);
  for (const who of [keeper, room, door('admin', {}), door('auditor', {})])
    for (const each of [
      item,
      `${item}?f=html`,
      `${path}/history`,
      '/api/audit',
      '/api/search?q=rahasia',
      '/ogc/collections/camera/items',
    ]) {
      const text = await (await who.get(each)).text();
      expect(text, each).not.toMatch(/rahasia|10\.0\.0\.9/);
    }
  // Who may write it reads that it was written, nobody else.
  const acts = async (who: typeof room) => (await (await who.get(`${path}/history`)).json()).entries.length;
  expect([await acts(keeper), await acts(room)]).toEqual([3, 3]);
  expect(await acts(door('leader', {}))).toBe(2);
  expect((await room.get('/ogc/collections/camera/items?filter=stream_address%20IS%20NOT%20NULL')).status).toBe(400);
  await keeper.post(`${path}/delete`, { reason: 'Ganda' }, changed.version + 1);
  await keeper.post(`${path}/restore`);
  expect(await stored()).toBe(`${secret}/2`);
  const { rows } = await sql<{ text: string }>`select audit::text as text from audit`.execute(connection.db);
  expect(rows.map(({ text }) => text).join()).not.toContain('rahasia');
});
