import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { onServer } from '../support/on_server.ts';
import { insertRows, type Row } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const layers = await layerFiles();
const { parts, complaints } = await testApp(connection);
const point = 'SRID=4326;POINT(113.7 -8.17)';
const add = async (id: string, row: Row) =>
  (await insertRows(db, layers.find((each) => each.id === id)!, [{ geom: point, source: 'operator', ...row }]))[0]!;

const room = doorOf(parts, viewerNamed('Eka', { role: 'operator' }));
const auditor = doorOf(parts, viewerNamed('Fajar', { role: 'auditor' }));
const officer = doorOf(parts, viewerNamed('Gita', { role: 'data_protection_officer' }));
const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));
const entries = async (query = '') => (await (await auditor.get(`/api/audit?${query}`)).json()).entries;

test('only those who oversee it see it, and nobody else learns that it is there', async () => {
  expect((await auditor.get('/api/audit')).status).toBe(200);
  expect((await officer.get('/api/audit/verify')).status).toBe(200);
  const nothing = await (await room.get('/api/no_such_address')).json();
  for (const door of [room, admin, doorOf(parts, { grants: [{ role: 'auditor' }] })])
    for (const path of ['/api/audit', '/api/audit/verify']) {
      const response = await door.get(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ type: nothing.type, title: nothing.title });
    }
});

test('it is found by person, layer, feature, action and time, page by page', async () => {
  const id = await add('complaint', { subject: 'Jalan', state: 'received', secret: false, anonymous: false });
  const before = new Date(Date.now() - 3_600_000).toISOString();
  const act = (action: string, input: object, seen: number) =>
    room.post(`/api/layers/complaint/features/${id}/${action}`, { input, case_id: 'K-9' }, seen);
  expect((await act('triage', { triage: 'normal', category: 'road' }, 1)).status).toBe(200);
  expect((await act('assign', { agency: 'DPU' }, 2)).status).toBe(200);
  expect((await act('close', { proof: 'Foto 12', public_reply: 'Sudah ditambal' }, 3)).status).toBe(200);
  const all = await entries(`layer=complaint&feature=${id}`);
  expect(all.map(({ action }: { action: string }) => action)).toEqual(['close', 'assign', 'triage']);
  expect(all[2]).toMatchObject({
    ...{
      actor_name: 'Eka',
      roles: ['operator'],
      version: 2,
      case_id: 'K-9',
      title: { id: 'Verifikasi', en: 'Triage' },
    },
    ...{ before: { state: 'received' }, after: { state: 'triaged' } },
  });
  expect(await entries('person=ek&action=assign')).toHaveLength(1);
  expect(await entries('person=nobody%25')).toEqual([]);
  expect(await entries(`layer=complaint&from=${before}`)).toHaveLength(3);
  expect(await entries(`layer=complaint&to=${before}`)).toEqual([]);
  const first = await (await auditor.get('/api/audit?layer=complaint&limit=2')).json();
  expect(first.entries).toHaveLength(2);
  const second = await (await auditor.get(`/api/audit?layer=complaint&limit=2&before=${first.next}`)).json();
  expect(second.entries.map(({ action }: { action: string }) => action)).toEqual(['triage']);
  expect(second.next).toBeNull();
  for (const query of ['limit=0', 'feature=x', 'from=never', 'person=%00'])
    expect((await auditor.get(`/api/audit?${query}`)).status).toBe(400);
});

test('it leaves as a file, filtered, with the head of the chain and without what the masks hide; that is written down', async () => {
  const told = { subject: 'Lubang', reporter_name: 'zqpelapor', agency: 'DPU', secret: false, anonymous: true };
  const id = await add('complaint', { ...told, state: 'received' });
  expect((await room.post(`/api/layers/complaint/features/${id}/delete`, { reason: 'Ganda' }, 1)).status).toBe(200);
  const read = async (door: typeof auditor, query: string) => {
    const response = await door.get(`/api/audit/export?${query}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Disposition')).toMatch(/^attachment; filename="audit-[\d-]{10}\.ndjson"$/);
    return (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  for (const door of [auditor, officer]) {
    const lines = await read(door, `layer=complaint&feature=${id}`);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ action: 'delete', feature: id, actor_name: 'Eka', reason: 'Ganda' });
    expect(JSON.stringify(lines)).not.toContain('zqpelapor');
    const { rows } = await sql<{ n: number; hash: string; after: object }>`
      select n, hash, after from audit where action = 'export_audit' order by n desc limit 1`.execute(db);
    expect(rows[0]!.after).toEqual({ layer: 'complaint', feature: id });
    expect(lines.at(-1)).toEqual({ head: rows[0]!.hash, entries: rows[0]!.n, exported: 1 });
  }
  const all = await read(auditor, '');
  expect(all.at(-1)).toMatchObject({ exported: all.length - 1, entries: all.length - 1 });
  expect(all[0]).toMatchObject({ action: 'export_audit', actor_name: 'Fajar' });
  expect((await room.get('/api/audit/export')).status).toBe(404);
});

test('it shows its reader no value that their view of the feature hides', async () => {
  const id = await add('complaint', { subject: 'Jalan', secret: false, reporter_name: 'Lama', address: 'Jalan Satu' });
  const edit = (input: object, seen: number) => room.post(`/api/layers/complaint/features/${id}/edit`, { input }, seen);
  expect((await edit({ reporter_name: 'Nama Pelapor', subject: 'Jalan rusak' }, 1)).status).toBe(200);
  const [seen] = await entries(`layer=complaint&feature=${id}`);
  expect(seen).toMatchObject({ before: { subject: 'Jalan' }, after: { subject: 'Jalan rusak' }, hidden: 1 });
  // Secret now: its rows do not exist for the auditor, who still learns that somebody did something.
  expect((await edit({ secret: true }, 2)).status).toBe(200);
  const text = JSON.stringify(await entries(`layer=complaint&feature=${id}`));
  expect(text).not.toMatch(/Nama Pelapor|Jalan rusak/);
  expect(text).toContain('Eka');
});

test('reading sensitive attributes is written down once a look, reading others is not', async () => {
  const id = await add('complaint', {
    subject: 'Jalan',
    secret: false,
    reporter_name: 'Pelapor',
    reporter_phone: null,
  });
  const item = `/ogc/collections/complaint/items/${id}`;
  await auditor.get(item);
  for (const _ of [1, 2, 3]) await room.get(item);
  const reads = await entries(`layer=complaint&feature=${id}&action=read`);
  expect(reads).toHaveLength(1);
  const { rows } = await sql<{ after: object; actor_name: string }>`
    select after, actor_name from audit where action = 'read' and feature = ${id}`.execute(db);
  expect(rows).toEqual([{ after: { attributes: ['reporter_name'] }, actor_name: 'Eka' }]);
  await room.get('/ogc/collections/complaint/items');
  expect(await entries('layer=complaint&action=read')).toHaveLength(2);
  expect(await (await room.get('/api/layers/complaint/export.csv')).text()).toContain('Pelapor');
  expect(await entries('layer=complaint&action=read')).toHaveLength(3);
});

test('a look at others between the same two is another look, and so is a filter over what is sensitive', async () => {
  const ids: number[] = [];
  for (const [i, reporter_name] of ['Ani', 'Bayu', 'Citra', 'Dian'].entries())
    ids.push(
      await add('complaint', { subject: `Selang${i}`, secret: false, reporter_name, reporter_phone: `081${i}` }),
    );
  const reads = async () =>
    (
      await sql<{
        after: object;
      }>`select after from audit where action = 'read' and layer = 'complaint' order by id`.execute(db)
    ).rows.map(({ after }) => after);
  const before = (await reads()).length;
  const look = async (filter: string, more = '') =>
    (await room.get(`/ogc/collections/complaint/items?filter=${encodeURIComponent(filter)}${more}`)).json();
  const [from, to] = [ids[0], ids[3]];
  const page = { attributes: ['reporter_name', 'reporter_phone'], features: 3, from, to };
  for (const _ of [1, 2]) await look("subject in ('Selang0','Selang1','Selang3')");
  expect((await reads()).slice(before)).toEqual([page]);
  await look("subject in ('Selang0','Selang2','Selang3')");
  expect((await reads()).slice(before)).toEqual([page, page]);

  // A page beyond the last shows nobody, and its count tells whose number it is.
  const beyond = `&cursor=${Buffer.from('after:999999999').toString('base64url')}`;
  expect(await look("reporter_phone = '0812'", beyond)).toMatchObject({ numberMatched: 1, features: [] });
  expect(await look("not (reporter_phone <> '0899')")).toMatchObject({ numberMatched: 0 });
  const asked = { attributes: [], features: 0, filtered_by: ['reporter_phone'] };
  expect((await reads()).slice(before + 2)).toEqual([asked, asked]);
  await look("subject = 'none'");
  expect(await reads()).toHaveLength(before + 4);
});

test('so is a tile of those that a filter over what is sensitive chooses, once for all its tiles', async () => {
  await add('complaint', { subject: 'Ubin', secret: false, reporter_phone: '0877' });
  const tile = (filter: string, z: number) =>
    room.get(`/tiles/complaint/${z}/0/0?filter=${encodeURIComponent(filter)}`);
  const reads = () => entries('action=read&layer=complaint&limit=500');
  const before = (await reads()).length;
  for (const z of [10, 11, 12]) expect((await tile("reporter_phone = '0877'", z)).status).toBe(204);
  const [look, ...others] = await reads();
  expect(others).toHaveLength(before);
  expect(look).toMatchObject({ actor_name: 'Eka', after: { filtered_by: ['reporter_phone'] } });
  await tile("state = 'received'", 12);
  expect(await reads()).toHaveLength(before + 1);
});

test('looking at it is written into it', async () => {
  await entries('person=Eka&layer=complaint');
  const [look] = await entries('action=read_audit');
  expect(look).toMatchObject({ actor_name: 'Fajar', after: { action: 'read_audit' } });
  const looks = await entries('action=read_audit');
  expect(looks.map(({ after }: { after: object }) => after)).toContainEqual({ person: 'Eka', layer: 'complaint' });
  await auditor.get('/api/audit/verify');
  expect((await entries('action=verify_audit'))[0]).toMatchObject({ actor_name: 'Fajar' });
});

onServer('the command verifies and exports, and fails on a broken chain', async () => {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  const url = new URL(process.env.DATABASE_URL!);
  url.pathname = `/${rows[0]!.name}`;
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [join(import.meta.dirname, '../../server/audit/command_line.ts'), ...args], {
      env: { ...process.env, DATABASE_URL: url.href },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const told = run('verify');
  expect(told).toMatch(/^\d+ entries, unbroken\. Head: [0-9a-f]{64}\n$/);
  const lines = run('export').trim().split('\n');
  // That it was checked and taken out stands in it, behind the head that was told.
  const [checked, taken] = lines.slice(-3, -1).map((line) => JSON.parse(line));
  expect(taken).toMatchObject({ action: 'export_audit', actor_name: 'npm run audit' });
  expect(checked).toMatchObject({
    action: 'verify_audit',
    actor_name: 'npm run audit',
    after: { entries: checked.n - 1 },
  });
  expect(checked.prev_hash).toBe(/[0-9a-f]{64}/.exec(told)![0]);
  await sql`alter table audit disable trigger guard_audit`.execute(db);
  await sql`update audit set actor_name = 'Another' where n = 3`.execute(db);
  expect(() => run('verify')).toThrow(/Broken at entry 3: its content was changed/);
  const { rows: last } = await sql`select action, after from audit order by n desc limit 1`.execute(db);
  expect(last).toEqual([{ action: 'verify_audit', after: { entries: 2, broken: 3 } }]);
});

test('nothing of it was a fault of the server', () => expect(complaints).toEqual([]));
