import { sql } from 'kysely';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { pullFeeds } from '../../server/ingest/pull/pull_feeds.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { insertRows, type Row } from '../support/rows.ts';

/** What single layers' actions come to, through the front door. */
const { connection } = await testDatabase();
const { db } = connection;
const layers = await layerFiles();
const { parts } = await testApp(connection, { FEEDS: [] });
const room = doorOf(parts, viewerNamed('Eka', { role: 'operator' }));
const add = async (id: string, row: Row) =>
  (
    await insertRows(db, layers.find((each) => each.id === id)!, [
      { geom: 'SRID=4326;POINT(113.7 -8.17)', source: 'operator', ...row },
    ])
  )[0]!;
const stored = async (of: string, id: number) =>
  (await sql<Record<string, unknown>>`select * from ${sql.table(of)} where id = ${id}`.execute(db)).rows[0]!;
const act = async (of: string, id: number, action: string, input: object = {}) => {
  const { version } = await stored(of, id);
  const response = await room.post(`/api/layers/${of}/features/${id}/${action}`, { input }, Number(version));
  return { status: response.status, ...(await response.json()) };
};
afterAll(() => vi.useRealTimers());

test('a press is acknowledged, somebody is sent, and the trail has each of it', async () => {
  const id = await add('panic_button', { name: 'Pasar', state: 'pressed' });
  expect(await act('panic_button', id, 'dispatch', { dispatched_unit: 'Patroli 2' })).toMatchObject({ status: 409 });
  await act('panic_button', id, 'acknowledge');
  expect(await act('panic_button', id, 'dispatch')).toMatchObject({ status: 422 });
  await act('panic_button', id, 'dispatch', { dispatched_unit: 'Patroli 2' });
  expect(await stored('panic_button', id)).toMatchObject({
    ...{ state: 'dispatched', dispatched_unit: 'Patroli 2', dispatched_by: 'Eka', ack_by: 'Eka' },
    dispatched_at: expect.any(Date),
  });
  await act('panic_button', id, 'resolve', { state: 'closed' });
  const { rows } = await sql<{ action: string; after: object }>`
    select action, after from audit where layer = 'panic_button' and action <> 'denied' order by id`.execute(db);
  expect(rows.map(({ action }) => action)).toEqual(['acknowledge', 'dispatch', 'resolve']);
  expect(rows[1]!.after).toMatchObject({ state: 'dispatched', dispatched_unit: 'Patroli 2', dispatched_by: 'Eka' });
});

describe('the clock of a complaint', () => {
  const hour = 3_600_000;
  const due = new Date('2026-11-25T02:00:00.000Z');
  const start = Date.now();
  const complaint = () => add('complaint', { subject: 'Lubang', state: 'in_progress', due_at: due.toISOString() });
  const wait = (id: number) => act('complaint', id, 'wait', { waiting_reason: 'Suku cadang' });
  test.each([
    ['start', {}],
    ['assign', { agency: 'Dishub' }],
    ['close', { proof: 'Foto', public_reply: 'Selesai' }],
  ])('stands still while it waits, until %s', async (action, input) => {
    vi.useFakeTimers({ toFake: ['Date'], now: start });
    const id = await complaint();
    await wait(id);
    expect(await stored('complaint', id)).toMatchObject({ due_at: due, waiting_since: new Date(start) });
    vi.setSystemTime(start + 30 * hour);
    expect(await act('complaint', id, action, input)).toMatchObject({ status: 200 });
    expect(await stored('complaint', id)).toMatchObject({
      due_at: new Date(due.getTime() + 30 * hour),
      waiting_since: null,
    });
  });

  test('a time that was said counts, and where nobody noted since when it waits nothing moves', async () => {
    const said = '2026-12-24T00:00:00.000Z';
    const id = await complaint();
    await wait(id);
    await act('complaint', id, 'assign', { agency: 'Dishub', due_at: said });
    expect(await stored('complaint', id)).toMatchObject({ due_at: new Date(said), waiting_since: null });
    const other = await add('complaint', { subject: 'Lubang', state: 'waiting', due_at: due.toISOString() });
    await act('complaint', other, 'start');
    expect(await stored('complaint', other)).toMatchObject({ due_at: due });
  });
});

test('a photo is shown as the reporter wished, not to the public', async () => {
  const media_url = 'https://foto.example/1.jpg';
  const row = { subject: 'Lubang', state: 'assigned', agency: 'Dishub', secret: false, media_url };
  const ids = [
    await add('complaint', { ...row, anonymous: false }),
    await add('complaint', { ...row, anonymous: true }),
  ];
  const seen = async (...grants: Parameters<typeof viewerNamed> extends [string, ...infer G] ? G : never) => {
    const door = doorOf(parts, viewerNamed('X', ...grants));
    return Promise.all(
      ids.map(
        async (id) =>
          (await (await door.get(`/ogc/collections/complaint/items/${id}`)).json()).properties.media_url ?? null,
      ),
    );
  };
  expect(await seen({ role: 'citizen' })).toEqual([null, null]);
  expect(await seen({ role: 'field_officer' })).toEqual([media_url, null]);
  expect(await seen({ role: 'agency_operator', agency: 'Dishub' })).toEqual([media_url, null]);
  expect(await seen({ role: 'agency_operator', agency: 'DPU' })).toEqual([null, null]);
  expect(await seen({ role: 'operator' })).toEqual([media_url, media_url]);
});

test('a rise of the water is acknowledged once, and again when it is worse or after it was over', async () => {
  vi.useRealTimers();
  const id = await add('river_gauge', { name: 'Pos', level_cm: 180, siaga1_cm: 250, siaga2_cm: 200, siaga3_cm: 170 });
  const level = (cm: number) => sql`update river_gauge set level_cm = ${cm} where id = ${id}`.execute(db);
  const alert = async () => (await stored('river_gauge', id)).alert_state;
  expect(await act('river_gauge', id, 'acknowledge')).toMatchObject({ status: 200 });
  expect(await act('river_gauge', id, 'acknowledge')).toMatchObject({ status: 409 });
  expect(await stored('river_gauge', id)).toMatchObject({ alert_state: 'acknowledged', ack_siaga: '3' });
  await level(210);
  expect(await alert()).toBe('new');
  await act('river_gauge', id, 'acknowledge');
  await level(180);
  expect(await alert()).toBe('acknowledged');
  await level(100);
  expect(await alert()).toBe('cleared');
  const passing = pullFeeds(parts, []);
  await vi.waitFor(async () => expect((await stored('river_gauge', id)).ack_siaga).toBeNull(), 20_000);
  await passing.close();
  await level(180);
  expect(await alert()).toBe('new');
});

test('one class of beds is reported with its own time', async () => {
  const id = await add('hospital', { name: 'RS', icu_free: 2, icu_used: 5, class3_free: 9 });
  await act('hospital', id, 'report_class', { bed_class: 'icu', used: 7, queue: 1 });
  const row = await stored('hospital', id);
  expect(row).toMatchObject({ icu_free: 2, icu_used: 7, icu_queue: 1, icu_total: null, class3_at: null });
  expect(row.icu_at).toEqual(row.observed_at);
});
