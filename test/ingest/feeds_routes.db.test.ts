import { sql } from 'kysely';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { Config } from '../../server/config.ts';
import { bmkg_quake } from '../../server/ingest/feeds/bmkg_quake.ts';
import { takeMessage } from '../../server/ingest/messages.ts';
import type { FeedReport } from '../../server/ingest/pull/feed_reports.ts';
import { pullFeeds } from '../../server/ingest/pull/pull_feeds.ts';
import type { SourcesReport } from '../../server/ingest/pull/routes.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { webServer } from '../support/web_server.ts';

/** What an operator sees of the feeds and the doors, and does with them. */
const { connection } = await testDatabase();
const { db } = connection;
const web = await webServer();
const { app, parts } = await testApp(connection, { FEEDS: ['bmkg_quake'] });
const quakes = { ...bmkg_quake, urls: [`${web.url}/quakes`] };
const gempa = (...entries: object[]) => JSON.stringify({ Infogempa: { gempa: entries } });
const quake = {
  ...{ DateTime: new Date(Date.now() - 3_600_000).toISOString(), Coordinates: '-8.21,113.61', Magnitude: '4.7' },
  ...{ Kedalaman: '9 km', Wilayah: 'Jember' },
};

const told = async (): Promise<SourcesReport> => (await app.request('/api/feeds')).json();
const toldOf = async (id: string): Promise<FeedReport> => (await told()).feeds.find((feed) => feed.id === id)!;
const pull = (id: string, by = app) => by.request(`/api/feeds/${id}/pull`, { method: 'POST' });
const change = (id: string, body: string, by = app) =>
  by.request(`/api/feeds/${id}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body });
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 25_000, interval: 50 });
/** Sources are asked at most every 10 s: as if that had passed. */
const later = () => sql`update feed set last_run = last_run - interval '1 minute'`.execute(db);

let pulling: ReturnType<typeof pullFeeds> | undefined;
afterEach(async () => {
  await pulling?.close();
  pulling = undefined;
  for (const table of ['quake', 'feed', 'raw_payload', 'feed_fault'])
    await sql`delete from ${sql.table(table)}`.execute(db);
});
afterAll(() => pulling?.close());

test('pulled at a word: the new is there, with what was wrong with it, long before it is due', async () => {
  web.serve('/quakes', gempa(quake));
  pulling = pullFeeds(parts, [quakes]);
  await eventually(async () => expect(await toldOf('bmkg_quake')).toMatchObject({ lastResult: { added: 1 } }));
  expect((await pull('bmkg_quake')).status).toBe(429);
  await later();
  await sql`update feed set next_run = now() + interval '1 hour'`.execute(db);
  web.serve(
    '/quakes',
    gempa(quake, { ...quake, DateTime: new Date(Date.now() - 60_000).toISOString() }, { ...quake, Magnitude: 'besar' }),
  );
  const answer = await pull('bmkg_quake');
  expect([answer.status, await answer.json()]).toEqual([202, { id: 'bmkg_quake', due: true }]);
  await eventually(async () =>
    expect(await toldOf('bmkg_quake')).toMatchObject({ lastResult: { added: 1, faults: 1 } }),
  );
  const report = await toldOf('bmkg_quake');
  expect(report).toMatchObject({
    pulling: false,
    failures: 0,
    failure: null,
    lastFailure: null,
    age: expect.any(Number),
  });
  expect(report.faults).toMatchObject([{ times: 1, reason: 'Magnitude is not a number' }]);
  expect(JSON.parse(report.faults?.[0]?.record ?? '')).toMatchObject({ Magnitude: 'besar' });
});

test('overdue is what should have been pulled long ago, whoever takes it and dies; a pull that goes well ends it', async () => {
  web.serve('/quakes', gempa(quake));
  pulling = pullFeeds(parts, [quakes]);
  await eventually(async () => expect(await toldOf('bmkg_quake')).toMatchObject({ lastResult: { added: 1 } }));
  await pulling.close();
  const due = (text: string) =>
    sql`update feed set due_at = now() - ${text}::interval, taken_by = null, next_run = now() + '1 hour'`.execute(db);
  await due('4 minutes');
  expect(await toldOf('bmkg_quake')).toMatchObject({ overdue: false, failures: 0 });
  await due('6 minutes');
  expect(await toldOf('bmkg_quake')).toMatchObject({ overdue: true, failures: 0, age: expect.any(Number) });
  await change('bmkg_quake', '{"paused":true}');
  expect(await toldOf('bmkg_quake')).toMatchObject({ overdue: false });
  await change('bmkg_quake', '{"paused":false}');
  expect(await toldOf('bmkg_quake')).toMatchObject({ overdue: false });
  await due('6 minutes');
  await sql`update feed set next_run = now()`.execute(db);
  pulling = pullFeeds(parts, [quakes]);
  await eventually(async () => expect(await toldOf('bmkg_quake')).toMatchObject({ overdue: false, failures: 0 }));
});

test('while it is being pulled, that is told', async () => {
  const release: (() => void)[] = [];
  web.answers.set('/quakes', (_, response) => void release.push(() => response.end(gempa(quake))));
  pulling = pullFeeds(parts, [quakes]);
  await eventually(async () => expect(await toldOf('bmkg_quake')).toMatchObject({ pulling: true }));
  await later();
  expect(await (await pull('bmkg_quake')).json()).toEqual({ id: 'bmkg_quake', due: false });
  for (const answer of release) answer();
  await eventually(async () => expect(await toldOf('bmkg_quake')).toMatchObject({ pulling: false, failures: 0 }));
});

test('a failure is told with its kind and words, and remembered when it is over', async () => {
  web.answers.set('/quakes', (_, response) => response.writeHead(503).end());
  pulling = pullFeeds(parts, [quakes]);
  await eventually(async () => expect(await toldOf('bmkg_quake')).toMatchObject({ failures: 1 }));
  expect(await toldOf('bmkg_quake')).toMatchObject({
    failure: 'refused',
    lastError: expect.stringMatching(/answered 503$/),
  });
  web.serve('/quakes', 'no JSON here');
  await later();
  await pull('bmkg_quake');
  await eventually(async () => expect(await toldOf('bmkg_quake')).toMatchObject({ failures: 2, failure: 'unusable' }));
  const { rows } = await sql`select outcome, body from raw_payload`.execute(db);
  expect(rows).toEqual([{ outcome: 'rejected', body: new Uint8Array(Buffer.from('no JSON here')) }]);
  web.serve('/quakes', gempa(quake));
  await later();
  await pull('bmkg_quake');
  await eventually(async () => expect(await toldOf('bmkg_quake')).toMatchObject({ failures: 0, lastError: null }));
  expect((await toldOf('bmkg_quake')).lastFailure).toMatchObject({ reason: expect.stringContaining('not JSON') });
});

test('switched off it is asked nothing, switched on it is asked at once', async () => {
  web.serve('/quakes', gempa(quake));
  expect((await change('bmkg_quake', '{"paused":true}')).status).toBe(200);
  expect(await toldOf('bmkg_quake')).toMatchObject({ enabled: true, paused: true, nextRun: null });
  web.asked.length = 0;
  pulling = pullFeeds(parts, [quakes]);
  expect((await pull('bmkg_quake')).status).toBe(409);
  await sql`select pg_sleep(0.3)`.execute(db);
  expect(web.asked).toEqual([]);
  await change('bmkg_quake', '{"paused":false}');
  await eventually(async () => expect(await toldOf('bmkg_quake')).toMatchObject({ lastResult: { added: 1 } }));
  const { rows } = await sql`select action, layer, before, after from audit order by id desc limit 2`.execute(db);
  expect(rows).toEqual(
    [
      { before: { feed: 'bmkg_quake', paused: true }, after: { feed: 'bmkg_quake', paused: false } },
      { before: { feed: 'bmkg_quake', paused: false }, after: { feed: 'bmkg_quake', paused: true } },
    ].map((change) => ({ action: 'switch_feed', layer: 'quake', ...change })),
  );
  for (const body of ['{}', '{"paused":"yes"}', '[', '"x"'])
    expect((await change('bmkg_quake', body)).status).toBe(400);
  expect((await change('bmkg_quake', JSON.stringify({ paused: true, more: 'x'.repeat(2000) }))).status).toBe(413);
});

test('what FEEDS does not name is not pulled, what is not there is not found', async () => {
  expect(await toldOf('bmkg_forecast')).toMatchObject({ enabled: false, paused: false, nextRun: null });
  expect((await pull('bmkg_forecast')).status).toBe(409);
  expect((await pull('nothing')).status).toBe(404);
});

test('outsiders are told how old it is, not why, and manage nothing', async () => {
  const settings: Partial<Config> = { FEEDS: ['bmkg_quake'], ROLE: 'public' };
  const outside = await testApp(connection, settings);
  const report: SourcesReport = await (await outside.app.request('/api/feeds')).json();
  expect(report).toMatchObject({ manage: false });
  expect(report.doors).toBeUndefined();
  for (const feed of report.feeds)
    for (const key of ['faults', 'lastError', 'lastFailure']) expect(feed).not.toHaveProperty(key);
  expect((await pull('bmkg_quake', outside.app)).status).toBe(403);
  expect((await change('bmkg_quake', '{"paused":true}', outside.app)).status).toBe(403);
});

test('the doors count what comes, and keep the last that was rejected', async () => {
  const before = (await told()).doors!;
  const send = (body: string) =>
    app.request('/api/ingest/river_gauge', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  await send('[]');
  await send('{"code":"NO","observed_at":"2026-11-21T10:00:00Z"}');
  await takeMessage(parts, 'pendopo/river_gauge/NO', new TextEncoder().encode('nothing'));
  const [http, mqtt] = (await told()).doors!;
  expect(http).toMatchObject({ id: 'http', state: 'listening', messages: before[0]!.messages + 2, rejected: 1 });
  expect(http?.perMinute).toBeGreaterThanOrEqual(2);
  expect(http?.lastRejected).toMatchObject({
    address: '/api/ingest/river_gauge',
    reason: expect.stringContaining('NO'),
  });
  expect(mqtt).toMatchObject({ id: 'mqtt', state: 'off', messages: 1, rejected: 1, lastMessage: expect.any(String) });
});
