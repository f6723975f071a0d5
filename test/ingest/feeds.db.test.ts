import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bmkg_nowcast } from '../../server/ingest/feeds/bmkg_nowcast.ts';
import { bmkg_quake } from '../../server/ingest/feeds/bmkg_quake.ts';
import { petabencana_flood } from '../../server/ingest/feeds/petabencana_flood.ts';
import { pullFeeds } from '../../server/ingest/pull/pull_feeds.ts';
import { enterFeed, takeTurn } from '../../server/ingest/pull/schedule.ts';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { pullNow } from '../support/pull.ts';
import { webServer } from '../support/web_server.ts';

/** Feeds against a web server that does everything a source on the internet does, also nothing at all. */
const { connection } = await testDatabase();
const { db } = connection;
const web = await webServer();
const jember: Bbox = [113.2, -8.65, 114.1, -7.9];
const { app, parts } = await testApp(connection, { FEEDS: ['bmkg_quake'] });

/** A moment of yesterday, so many seconds later: earthquakes of long ago have left. */
const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const at = (seconds: number) => `${yesterday}T02:02:${44 + seconds}Z`;
const quake = (members: object = {}) => ({
  DateTime: at(0),
  Coordinates: '-8.21,113.61',
  Magnitude: '4.7',
  Kedalaman: '9 km',
  Wilayah: 'Jember',
  ...members,
});
const gempa = (entries: unknown) => JSON.stringify({ Infogempa: { gempa: entries } });
const quakes = { ...bmkg_quake, urls: [`${web.url}/quakes`] };
const warnings = { ...bmkg_nowcast, urls: [`${web.url}/rss`] };
const floods = { ...petabencana_flood, urls: [`${web.url}/floods`] };

const square = '-8.3,113.5 -8.3,113.6 -8.2,113.6 -8.2,113.5 -8.3,113.5';
const alert = (
  id: string,
  { head = '', expires = '<expires>2096-01-01T00:00:00+07:00</expires>', polygon = square } = {},
) => {
  const given = (name: string, value: string) => (head.includes(`<${name}>`) ? '' : `<${name}>${value}</${name}>`);
  return `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${id}</identifier><sender>bmkg</sender>
    <sent>2026-11-20T15:07:00+08:00</sent>${given('status', 'Actual')}${given('msgType', 'Alert')}${given('scope', 'Public')}${head}
    <info><language>en</language><category>Met</category><event>Rain</event><urgency>Expected</urgency><severity>Severe</severity>
    <certainty>Likely</certainty>${expires}<area><areaDesc>East Java</areaDesc></area></info>
    <info><language>id</language><category>Met</category><event>Hujan &amp; angin</event><urgency>Expected</urgency>
    <severity>Severe</severity><certainty>Likely</certainty>${expires}
    <area><areaDesc>Jawa Timur</areaDesc><polygon>${polygon}</polygon></area></info></alert>`;
};
let files = 0;
/** Lists the alerts under addresses that were never seen. */
function list(...alerts: string[]): void {
  const items = alerts.map((text) => {
    const path = `/alert_${files++}.xml`;
    web.serve(path, text);
    return `<item><link>${path}</link></item>`;
  });
  web.serve('/rss', `<rss><channel>${items.join('')}</channel></rss>`);
}
const shown = async (layer: string) => {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(layer)} order by name`.execute(db);
  return rows.map(({ name }) => name);
};
const reasons = async () => {
  const { rows } = await sql<{ reason: string }>`select reason from feed_fault order by reason`.execute(db);
  return rows.map(({ reason }) => reason);
};

beforeEach(async () => {
  web.answers.clear();
  web.asked.length = 0;
});
afterEach(async () => {
  for (const table of ['quake', 'weather_warning', 'flood_area', 'feed', 'raw_payload', 'feed_fault', 'feed_ended'])
    await sql`delete from ${sql.table(table)}`.execute(db);
});

test('one bad record is kept with its reason, the others are there', async () => {
  const bad = [
    7,
    quake({ DateTime: `${yesterday} 02:02:44` }),
    quake({ Coordinates: '113.61,-8.21' }),
    quake({ Magnitude: 'besar' }),
    quake({ Magnitude: '47' }),
    quake({ Kedalaman: '9000 km', DateTime: at(1) }),
    quake({ Wilayah: 'nul\0byte', DateTime: at(2) }),
  ];
  web.serve(
    '/quakes',
    gempa([quake(), ...bad, quake({ DateTime: `${yesterday}T09:02:47+07:00`, Wilayah: 'Patrang' })]),
  );
  expect(await pullNow(connection, quakes, jember)).toMatchObject({ added: 2, faults: 7 });
  expect(await shown('quake')).toEqual(['Jember', 'Patrang']);
  expect(await reasons()).toHaveLength(7);
  // Told once, however often it comes.
  await pullNow(connection, quakes, jember);
  const { rows } = await sql`select times, count(*)::int as n from feed_fault group by times`.execute(db);
  expect(rows).toEqual([{ times: 2, n: 7 }]);
});

test('a revision changes the event, and what another file leaves out stays', async () => {
  web.serve('/quakes', gempa(quake({ Potensi: 'Tidak berpotensi tsunami', Dirasakan: 'III Jember, V Ambulu' })));
  await pullNow(connection, quakes, jember);
  web.serve('/quakes', gempa([quake({ Magnitude: '5.1', Coordinates: '-8.210, 113.610', Dirasakan: '-' })]));
  expect(await pullNow(connection, quakes, jember)).toMatchObject({ added: 0, changed: 1 });
  const { rows } = await sql`select magnitude, strength, tsunami, felt_mmi, version from quake`.execute(db);
  expect(rows).toEqual([{ magnitude: 5.1, strength: 'moderate', tsunami: 'no', felt_mmi: 5, version: 2 }]);
});

test('an earthquake alarms for a day and is shown for thirty, and the list that still names it brings nothing back', async () => {
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const warned = { Magnitude: '6.4', Potensi: 'Berpotensi tsunami' };
  const entries = [
    quake({ ...warned, Wilayah: 'Hari ini', DateTime: ago(23) }),
    quake({ ...warned, Wilayah: 'Kemarin', DateTime: ago(25) }),
    quake({ ...warned, Wilayah: 'Bulan lalu', DateTime: ago(31 * 24) }),
  ];
  web.serve('/quakes', gempa(entries));
  await sql`insert into quake (name, magnitude, observed_at) values ('Lama', 5, now() - interval '31 days')`.execute(
    db,
  );
  await sql`insert into quake (name, magnitude) values ('Kapan', 5)`.execute(db);
  expect(await pullNow(connection, quakes, jember)).toMatchObject({ added: 2, over: 1 });
  const passing = pullFeeds({ ...parts, config: { ...parts.config, FEEDS: [] } });
  await vi.waitFor(async () => expect(await shown('quake')).toEqual(['Hari ini', 'Kapan', 'Kemarin']), 20_000);
  const strengths = async () => {
    const { rows } = await sql<{
      strength: string;
    }>`select strength from quake where code is not null order by name`.execute(db);
    return rows.map(({ strength }) => strength);
  };
  await vi.waitFor(async () => expect(await strengths()).toEqual(['tsunami', 'strong']), 20_000);
  await passing.close();
  expect(await pullNow(connection, quakes, jember)).toMatchObject({ added: 0, changed: 0, over: 1 });
  expect(await strengths()).toEqual(['tsunami', 'strong']);
});

test('what is as it was is not sent again, and not written again', async () => {
  web.answers.set('/quakes', (request, response) => {
    if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
    else response.writeHead(200, { ETag: '"1"' }).end(gempa(quake()));
  });
  expect(await pullNow(connection, quakes, jember)).toMatchObject({ added: 1 });
  expect(await pullNow(connection, quakes, jember)).toBeUndefined();
  const { rows } = await sql`select failures, last_error from feed`.execute(db);
  expect(rows).toEqual([{ failures: 0, last_error: null }]);
});

test.each([
  ['not_json', 'no JSON here', /not JSON/],
  ['another_thing', '{"a":1}', /has no Infogempa.gempa/],
  ['too_deep', '['.repeat(100_000), /deeper than 32/],
  ['too_large', new Uint8Array(10_000_001), /more than 10 MB/],
])('a payload that is %s fails as a whole and takes nothing away', async (_, body, reason) => {
  web.serve('/quakes', gempa(quake()));
  await pullNow(connection, quakes, jember);
  web.serve('/quakes', body);
  await expect(pullNow(connection, quakes, jember)).rejects.toThrow(reason);
  expect(await shown('quake')).toEqual(['Jember']);
});

test('each failure doubles the pause, a source may ask for a longer one, and one success ends it', async () => {
  const pause = async () => {
    const { rows } = await sql<{ minutes: number; failures: number }>`
      select round(extract(epoch from next_run - last_run) / 60)::int as minutes, failures from feed`.execute(db);
    return rows[0];
  };
  for (const [minutes, failures] of [
    [1, 1],
    [2, 2],
    [4, 3],
  ]) {
    await expect(pullNow(connection, quakes, jember)).rejects.toThrow('answered 404');
    expect(await pause()).toEqual({ minutes, failures });
  }
  web.answers.set('/quakes', (_, response) => response.writeHead(429, { 'Retry-After': '7200' }).end());
  await expect(pullNow(connection, quakes, jember)).rejects.toThrow('answered 429');
  expect(await pause()).toEqual({ minutes: 120, failures: 4 });
  web.serve('/quakes', gempa(quake()));
  await pullNow(connection, quakes, jember);
  expect(await pause()).toEqual({ minutes: 1, failures: 0 });
});

test('a feed that warns is never left alone for an hour because nobody answered', async () => {
  await sql`insert into feed (id, failures) values ('bmkg_quake', 9), ('bmkg_nowcast', 9)`.execute(db);
  for (const [feed, minutes] of [
    [quakes, 5],
    [warnings, 10],
  ] as const) {
    await expect(pullNow(connection, feed, jember)).rejects.toThrow('answered 404');
    const { rows } = await sql`select round(extract(epoch from next_run - last_run) / 60)::int as minutes from feed
      where id = ${feed.id}`.execute(db);
    expect(rows).toEqual([{ minutes }]);
  }
});

test('when one source is heard again, those that nobody answered at are asked at once', async () => {
  const hour = sql`now() + interval '1 hour'`;
  await sql`insert into feed (id, failures, failure, next_run) values ('bmkg_quake', 5, 'unreachable', now()),
    ('bmkg_nowcast', 5, 'unreachable', ${hour}), ('bmkg_forecast', 5, 'refused', ${hour})`.execute(db);
  web.serve('/quakes', gempa(quake()));
  await pullNow(connection, quakes, jember);
  const due = async () =>
    (await sql<{ id: string }>`select id from feed where next_run <= now() order by id`.execute(db)).rows;
  expect(await due()).toEqual([{ id: 'bmkg_nowcast' }]);
  // But not each time that one is: who is away alone is asked ever more seldom.
  await sql`update feed set next_run = ${hour} where id = 'bmkg_nowcast'`.execute(db);
  await pullNow(connection, quakes, jember);
  expect(await due()).toEqual([]);
});

test('a source that does not answer holds up no other', async () => {
  web.answers.set('/rss', () => {});
  web.serve('/quakes', gempa(quake()));
  const pulling = pullFeeds({ ...parts, config: { ...parts.config, FEEDS: ['bmkg_nowcast', 'bmkg_quake'] } }, [
    warnings,
    quakes,
  ]);
  await vi.waitFor(async () => expect(await shown('quake')).toEqual(['Jember']), { timeout: 10_000, interval: 50 });
  // Which of them is asked first is chance.
  await vi.waitFor(() => expect(web.asked).toContain('/rss'), { timeout: 10_000, interval: 50 });
  await pulling.close();
});

test('a redirect to another host is not followed', async () => {
  web.answers.set('/quakes', (_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end());
  await expect(pullNow(connection, quakes, jember)).rejects.toThrow('wants to be asked at http://127.0.0.1:1/');
  web.answers.set('/quakes', (_, response) => response.writeHead(302, { Location: '/moved' }).end());
  web.serve('/moved', gempa(quake()));
  expect(await pullNow(connection, quakes, jember)).toMatchObject({ added: 1 });
});

test('of several processes one has the turn, until it is overdue', async () => {
  await enterFeed(db, quakes);
  const turns = await Promise.all(Array.from({ length: 8 }, () => takeTurn(db, quakes)));
  expect(turns.filter((turn) => turn !== undefined)).toHaveLength(1);
  // It died: its time passes.
  await sql`update feed set next_run = now()`.execute(db);
  expect(await takeTurn(db, quakes)).toBeDefined();
});

test('a warning in Indonesian where there is one, with its area, until it ends', async () => {
  list(
    alert('1'),
    alert('2', { expires: '' }),
    alert('3', { expires: '<expires>2026-11-20T09:00:00+08:00</expires>' }),
  );
  const counts = await pullNow(connection, warnings, jember);
  expect(counts).toMatchObject({ records: 3, faults: 0 });
  // Without an end it is over after a day; that day has passed.
  expect(counts).toMatchObject({ added: 1, over: 2 });
  expect(await shown('weather_warning')).toEqual(['Hujan & angin']);
});

test('an exercise, a test, a draft and what is not public are never shown', async () => {
  const heads = ['Exercise', 'Test', 'Draft', 'System'].map((status) => `<status>${status}</status>`);
  list(...[...heads, '<scope>Restricted</scope>', '<scope>Private</scope>'].map((head, i) => alert(`${i}`, { head })));
  expect(await pullNow(connection, warnings, jember)).toMatchObject({ added: 0, faults: 0 });
  expect(await shown('weather_warning')).toEqual([]);
});

test('an update replaces, a cancellation ends, and an old list brings nothing back', async () => {
  list(alert('1'), alert('2'));
  await pullNow(connection, warnings, jember);
  const refers = (type: string, id: string) =>
    `<msgType>${type}</msgType><references>bmkg,${id},2026-11-20T15:07:00+08:00</references>`;
  list(alert('3', { head: refers('Update', '1') }), alert('4', { head: refers('Cancel', '2') }));
  expect(await pullNow(connection, warnings, jember)).toMatchObject({ added: 1, ended: 2 });
  list(alert('1'), alert('2'));
  expect(await pullNow(connection, warnings, jember)).toMatchObject({ added: 0, over: 2 });
  const { rows } = await sql`select code from weather_warning`.execute(db);
  expect(rows).toEqual([{ code: 'bmkg,3' }]);
});

test('a bad file of a list costs only itself; one that did not come is asked for again; another host never', async () => {
  list(alert('1'), '<alert', alert('2', { polygon: `${square} 999,0` }), alert('3'));
  const gone = [...web.answers.keys()].at(-2)!;
  const kept = web.answers.get(gone)!;
  web.answers.set(gone, (_, response) => response.writeHead(500).end());
  expect(await pullNow(connection, warnings, jember)).toMatchObject({ added: 2, faults: 3 });
  web.answers.set(gone, kept);
  web.asked.length = 0;
  expect(await pullNow(connection, warnings, jember)).toMatchObject({ added: 1, faults: 0 });
  expect(web.asked).toEqual(['/rss', gone]);
  web.serve('/rss', '<rss><channel><item><link>http://127.0.0.1:1/x.xml</link></item></channel></rss>');
  expect(await pullNow(connection, warnings, jember)).toMatchObject({ records: 0, faults: 1 });
});

test('files that came before the time was over stay, and the next pull goes on behind them', async () => {
  list(alert('1'), alert('2'), alert('3'), alert('4'));
  const [, , slow = ''] = [...web.answers.keys()];
  const answer = web.answers.get(slow)!;
  web.answers.set(slow, () => {});
  expect(await pullNow(connection, warnings, jember, {}, 1000)).toMatchObject({ added: 2, faults: 0 });
  web.answers.set(slow, answer);
  web.asked.length = 0;
  expect(await pullNow(connection, warnings, jember)).toMatchObject({ added: 2, faults: 0 });
  expect(web.asked).toEqual(['/rss', slow, slow.replace(/\d+/, (n) => `${Number(n) + 1}`)]);
});

test('a file server that has had enough is asked for no more, and left alone', async () => {
  list(alert('1'), alert('2'), alert('3'), alert('4'));
  const [, second = '', third = ''] = [...web.answers.keys()];
  web.answers.set(second, (_, response) => response.writeHead(429, { 'Retry-After': '1800' }).end());
  expect(await pullNow(connection, warnings, jember)).toMatchObject({ added: 1, faults: 1 });
  expect(web.asked).not.toContain(third);
  const { rows } =
    await sql`select round(extract(epoch from next_run - last_run) / 60)::int as minutes from feed`.execute(db);
  expect(rows).toEqual([{ minutes: 30 }]);
});

const area = (id: number | undefined, state: unknown, west = 113.5) => ({
  type: 'Feature',
  properties: { geom_id: id, state, last_updated: '2026-11-21T10:00:00.000' },
  geometry: {
    type: 'Polygon',
    coordinates: [[west, west + 0.1, west + 0.1, west, west].map((lon, i) => [lon, [-8.3, -8.3, -8.2, -8.2, -8.3][i]])],
  },
});
const serveAreas = (...features: unknown[]) =>
  web.serve('/floods', JSON.stringify({ statusCode: 200, result: { type: 'FeatureCollection', features } }));

test('a flooded area ends when it is missing, never because its record is broken', async () => {
  serveAreas(area(1, 2), area(2, 4), area(3, 1), area(4, 3, 106.8));
  expect(await pullNow(connection, floods, jember)).toMatchObject({ added: 3, elsewhere: 1 });
  const { rows } = await sql`select code, depth, observed_at from flood_area order by code`.execute(db);
  // Ten o'clock in Jakarta, whatever the zone of the server.
  expect(rows[0]).toEqual({
    code: 'petabencana:1',
    depth: '10_to_70_cm',
    observed_at: new Date('2026-11-21T03:00:00Z'),
  });

  serveAreas(area(1, 'deep'), area(2, 3));
  expect(await pullNow(connection, floods, jember)).toMatchObject({ changed: 1, ended: 1, faults: 1 });
  expect(await shown('flood_area')).toEqual(['RW 1', 'RW 2']);
  serveAreas(area(undefined, 2));
  expect(await pullNow(connection, floods, jember)).toMatchObject({ ended: 0, faults: 1 });
  await sql`insert into flood_area (name, source) values ('Drawn', 'operator')`.execute(db);
  serveAreas();
  expect(await pullNow(connection, floods, jember)).toMatchObject({ ended: 2 });
  expect(await shown('flood_area')).toEqual(['Drawn']);
});

test('a self_crossing_polygon is repaired', async () => {
  const crossing = area(1, 2);
  crossing.geometry.coordinates = [
    [
      [113.5, -8.3],
      [113.6, -8.2],
      [113.6, -8.3],
      [113.5, -8.2],
      [113.5, -8.3],
    ],
  ];
  serveAreas(crossing);
  expect(await pullNow(connection, floods, jember)).toMatchObject({ added: 1, faults: 0 });
});

test('pulled on its own, told at /api/feeds and /metrics, over when it is over, and quiet without a network', async () => {
  await sql`insert into weather_warning (name, expires) values ('Over', now() - interval '1 s')`.execute(db);
  const told = async () => {
    const { feeds } = await (await app.request('/api/feeds')).json();
    return feeds.find(({ id }: { id: string }) => id === 'bmkg_quake');
  };
  expect(await told()).toMatchObject({ enabled: true, age: null, lastSuccess: null, failures: 0 });
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const away = [{ ...bmkg_quake, urls: ['http://127.0.0.1:1/quakes'] }, bmkg_nowcast];
  const first = pullFeeds({ ...parts, log }, away);
  await vi.waitFor(async () => expect(await told()).toMatchObject({ failures: 1 }), { timeout: 20_000, interval: 100 });
  expect((await told()).lastError).toMatch(/^127.0.0.1:1 cannot be reached \(E?[A-Z_]+\)|bad port/);
  await first.close();
  expect(lines.map((line) => JSON.parse(line).level)).toEqual([30]);
  expect(await shown('weather_warning')).toEqual([]);

  web.serve('/quakes', gempa(quake()));
  await sql`update feed set next_run = now()`.execute(db);
  const second = pullFeeds({ ...parts, log }, [quakes]);
  await vi.waitFor(async () => expect(await shown('quake')).toEqual(['Jember']), { timeout: 20_000, interval: 100 });
  await vi.waitFor(async () => expect(await told()).toMatchObject({ failures: 0, lastError: null }), {
    timeout: 20_000,
  });
  expect(await told()).toMatchObject({ age: expect.any(Number), lastResult: { added: 1 } });
  expect(await (await app.request('/metrics')).text()).toMatch(/pendopo_feed_failures\{feed="bmkg_quake"\} 0/);
  await second.close();
});

test('closed in the middle of a pull, it gives the turn back and leaves nothing half-written', async () => {
  const asked = new Promise<void>((resolve) => web.answers.set('/quakes', () => resolve()));
  const pulling = pullFeeds(parts, [quakes]);
  await asked;
  await pulling.close();
  const { rows } = await sql`select failures, taken_by, next_run <= now() as due from feed`.execute(db);
  expect(rows).toEqual([{ failures: 0, taken_by: null, due: true }]);
});
