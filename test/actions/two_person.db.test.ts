import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verify } from '../../server/audit/verify.ts';
import { endAllOverdue } from '../../server/registry/actions/overdue.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { insertRows } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const { parts, complaints } = await testApp(connection);
const gauge = (await layerFiles()).find(({ id }) => id === 'river_gauge')!;
// Who asks is looked up again when it is confirmed.
await sql`insert into account_user (id, name, email, "emailVerified", "createdAt", "updatedAt")
  values ('person-Budi', 'Budi', 'budi@jember.test', false, now(), now())`.execute(db);
await sql`insert into account_grant (user_id, role) values ('person-Budi', 'disaster_officer')`.execute(db);
const officer = doorOf(parts, viewerNamed('Budi', { role: 'disaster_officer' }, { role: 'supervisor' }));
const supervisor = doorOf(parts, viewerNamed('Dewi', { role: 'supervisor' }));
const head = doorOf(parts, viewerNamed('Eka', { role: 'agency_head', agency: 'DPU SDA' }));
const elsewhere = doorOf(parts, viewerNamed('Fajar', { role: 'agency_head', agency: 'Dishub' }));
const colleague = doorOf(parts, viewerNamed('Hana', { role: 'disaster_officer' }));
const citizen = doorOf(parts, viewerNamed('Iwan', { role: 'citizen' }));
const room = doorOf(parts, viewerNamed('Gita', { role: 'operator' }));

const thresholds = { siaga1_cm: 400, siaga2_cm: 300, siaga3_cm: 200 };
const made = async () => {
  const row = { name: 'Pos', geom: 'SRID=4326;POINT(113.7 -8.17)', agency: 'DPU SDA', ...thresholds };
  return (await insertRows(db, gauge, [row]))[0]!;
};
const stored = async (id: number) =>
  (
    await sql<{
      siaga1_cm: number;
      version: number;
    }>`select siaga1_cm, version from river_gauge where id = ${id}`.execute(db)
  ).rows[0];
const ask = async (id: number, siaga1_cm = 450, version = 1) => {
  const body = { input: { siaga1_cm }, reason: 'Palung berubah' };
  const response = await officer.post(`/api/layers/river_gauge/features/${id}/set_thresholds`, body, version);
  expect(response.status, await response.clone().text()).toBe(202);
  return (await response.json()).pending.id as number;
};
const waiting = async (door: typeof officer, id: number) => {
  const { pending } = await (await door.get('/api/pending')).json();
  return pending.filter((each: { feature: number }) => each.feature === id);
};
const yes = { reason: 'Sudah diperiksa' };

test('nothing changes until another person with the right confirms it, and both are in the trail', async () => {
  const id = await made();
  const pending = await ask(id);
  expect(await stored(id)).toEqual({ siaga1_cm: 400, version: 1 });
  expect(await waiting(officer, id)).toMatchObject([
    { mine: true, before: { siaga1_cm: 400 }, after: { siaga1_cm: 450 } },
  ]);
  expect(await waiting(head, id)).toMatchObject([
    { mine: false, asked_name: 'Budi', reason: 'Palung berubah', name: 'Pos' },
  ]);
  for (const door of [elsewhere, room]) expect(await waiting(door, id)).toEqual([]);

  const confirm = `/api/pending/${pending}/confirm`;
  expect((await officer.post(confirm, yes)).status, 'who asked, though with the right').toBe(403);
  for (const door of [elsewhere, room])
    expect((await door.post(confirm, yes)).status, 'as unknown as it is not listed').toBe(404);
  expect((await colleague.post(confirm, yes)).status, 'who may ask for the same, and is told that it waits').toBe(403);
  expect((await head.post(confirm)).status, 'without a reason').toBe(422);
  // What a device says meanwhile does not matter.
  await sql`update river_gauge set level_cm = 12 where id = ${id}`.execute(db);
  const done = await head.post(confirm, yes);
  expect(await done.json()).toMatchObject({ version: 3, changed: ['siaga1_cm'] });
  expect(await stored(id)).toEqual({ siaga1_cm: 450, version: 3 });
  expect((await supervisor.post(confirm, yes)).status, 'once').toBe(404);
  const { rows } = await sql<{ id: number }>`
    select id, actor_name, action, reason, confirms, version from audit where feature = ${id} order by id`.execute(db);
  expect(rows).toMatchObject([
    { actor_name: 'Budi', action: 'ask_second_person', reason: 'Palung berubah', version: null },
    { actor_name: 'Eka', action: 'set_thresholds', reason: 'Sudah diperiksa', version: 3, confirms: rows[0]!.id },
  ]);
  // Taking it back alone would be changing it alone.
  expect((await officer.post(`/api/audit/${rows[1]!.id}/undo`)).status).toBe(409);
  // Nor is who may not told what it was.
  expect((await room.post(`/api/audit/${rows[1]!.id}/undo`)).status, 'who reads of it').toBe(403);
  for (const door of [elsewhere, citizen]) expect((await door.post(`/api/audit/${rows[1]!.id}/undo`)).status).toBe(404);
});

test('of two who confirm at once, one does', async () => {
  const id = await made();
  const pending = await ask(id);
  const answers = await Promise.all(
    [head, supervisor, head].map((door) => door.post(`/api/pending/${pending}/confirm`, yes)),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404, 404]);
  expect((await stored(id))?.version).toBe(2);
});

test('it can be rejected, withdrawn, and runs out', async () => {
  const id = await made();
  const first = await ask(id);
  const again = { input: { siaga1_cm: 460 }, reason: 'x' };
  expect(
    (await officer.post(`/api/layers/river_gauge/features/${id}/set_thresholds`, again, 1)).status,
    'one waits',
  ).toBe(409);
  expect((await room.post(`/api/pending/${first}/reject`, yes)).status).toBe(404);
  expect((await supervisor.post(`/api/pending/${first}/reject`, yes)).status).toBe(200);
  expect((await head.post(`/api/pending/${first}/confirm`, yes)).status).toBe(404);
  const second = await ask(id);
  expect((await officer.post(`/api/pending/${second}/reject`)).status).toBe(200);
  const third = await ask(id);
  await sql`update pending_action set expires_at = now() where id = ${third}`.execute(db);
  expect((await head.post(`/api/pending/${third}/confirm`, yes)).status).toBe(404);
  expect(await waiting(head, id)).toEqual([]);
  await ask(id);
  const { rows } = await sql<{ decided: string }>`
    select decided from pending_action where feature = ${id} and decided is not null order by id`.execute(db);
  expect(rows.map(({ decided }) => decided)).toEqual(['rejected', 'withdrawn', 'expired']);
});

test('that it ran out is written down, once, whether or not somebody asks again', async () => {
  const id = await made();
  const first = await ask(id);
  const over = (pending: number) =>
    sql`update pending_action set expires_at = now() - interval '1 minute' where id = ${pending}`.execute(db);
  await over(first);
  const again = await ask(id);
  const other = await made();
  const third = await ask(other);
  await Promise.all([over(again), over(third)]);
  const open = await ask(await made());
  await Promise.all([endAllOverdue(db), endAllOverdue(db)]);
  const { rows } = await sql<{ id: number; decided: string; confirms: number; asked_audit: number; actor: string }>`
    select pending.id, decided, confirms, asked_audit, actor, audit.action, audit.feature = pending.feature as same
    from pending_action pending left join audit on audit.id = decided_audit
    where pending.id in (${first}, ${again}, ${third}, ${open}) order by pending.id`.execute(db);
  const entry = { decided: 'expired', action: 'run_out', actor: null, same: true };
  expect(rows).toMatchObject([...[first, again, third].map((id) => ({ id, ...entry })), { id: open, decided: null }]);
  for (const row of rows.slice(0, 3)) expect(row.confirms).toBe(row.asked_audit);
  const { rows: all } = await sql`
    select from audit where action = 'run_out' and feature in (${id}, ${other})`.execute(db);
  expect(all).toHaveLength(3);
});

test('what was changed since is not overwritten, and nothing is asked for that the thing would refuse', async () => {
  const id = await made();
  const pending = await ask(id);
  await sql`update river_gauge set siaga1_cm = 410 where id = ${id}`.execute(db);
  expect((await head.post(`/api/pending/${pending}/confirm`, yes)).status).toBe(412);
  expect(await stored(id)).toMatchObject({ siaga1_cm: 410 });
  const other = await made();
  const wrong = await ask(other, 250);
  expect((await head.post(`/api/pending/${wrong}/confirm`, yes)).status, 'siaga 1 below siaga 2').toBe(422);
  expect(await stored(other)).toMatchObject({ siaga1_cm: 400, version: 1 });
});

test('nothing of it was a fault of the server, and the chain is whole', async () => {
  expect(complaints).toEqual([]);
  expect((await verify(db)).broken).toBeUndefined();
});
