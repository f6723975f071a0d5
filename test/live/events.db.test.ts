import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { createApp } from '../../server/app.ts';
import { changeDays } from '../../server/database/change_log.ts';
import { keepPartitions } from '../../server/database/partitions.ts';
import { transaction } from '../../server/database/transaction.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { setViewer, visitor } from '../../server/registry/viewer.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { type Heard, type Listener, listen, Picture, serveApp } from '../support/events.ts';
import { seededRandom } from '../support/random.ts';
import { insertLawful, insertRows, randomRow } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const files = await layerFiles();
const layerOf = (id: string) => files.find((each) => each.id === id)!;
const { app, parts, follower, complaints } = await testApp(connection, { ROLE: 'public' });
const { url } = await serveApp(app);

let seeds = 1;
const random = seededRandom(0);
const near = () => `SRID=4326;POINT(${113.6 + random() * 0.2} ${-8.2 + random() * 0.1})`;
const square = () => {
  const [x, y, r] = [113.6 + random() * 0.2, -8.2 + random() * 0.1, 0.001 + random() * 0.02];
  return `SRID=4326;MULTIPOLYGON(((${x} ${y},${x + r} ${y},${x + r} ${y + r},${x} ${y + r},${x} ${y})))`;
};

async function add(id: string, count: number, place: () => string | null): Promise<number[]> {
  const rows = Array.from({ length: count }, () => randomRow(layerOf(id), seededRandom(seeds++ * 7919), place()));
  return insertLawful(db, layerOf(id), rows);
}

/** Random transactions over points, points with hidden rows, and shapes. */
async function write(rounds: number, random: () => number): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    const id = ['streetlight', 'complaint', 'flood_zone'][Math.floor(random() * 3)]!;
    const table = sql.table(id);
    const some = sql`id % 9 = ${Math.floor(random() * 9)}`;
    const what = random();
    if (what < 0.2) await add(id, 1, id === 'flood_zone' ? square : near);
    else if (what < 0.5)
      await sql`update ${table} set observed_at = now() - random() * interval '1 day' where ${some}`.execute(db);
    else if (what < 0.75)
      await sql`update ${table} set geom = st_translate(geom, ${(random() - 0.5) / 20}::float8, 0.001) where ${some}`.execute(
        db,
      );
    else if (what < 0.8)
      await sql`update ${table} set geom = null where id % 31 = ${Math.floor(random() * 31)}`.execute(db);
    else if (what < 0.9) await sql`delete from ${table} where id % 37 = ${Math.floor(random() * 37)}`.execute(db);
    else await sql`update complaint set secret = not coalesce(secret, false) where ${some}`.execute(db);
    await wait(random() * 3);
  }
}

/** Waits until a stream has told everything committed so far: a mark is made, and it must come. */
async function told(...listeners: Listener[]): Promise<void> {
  const [id] = await insertRows(db, layerOf('streetlight'), [
    randomRow(layerOf('streetlight'), seededRandom(seeds++ * 7919), 'SRID=4326;POINT(113.7 -8.15)'),
  ]);
  const isMark = ({ event, data }: Heard) =>
    event === 'change' &&
    data.features.some((each: { layer: string; id: number }) => each.layer === 'streetlight' && each.id === id);
  await Promise.all(listeners.map((listener) => listener.until(isMark)));
}

const layers = ['streetlight', 'complaint', 'flood_zone'];
const box = '113.65,-8.18,113.75,-8.13';

await add('streetlight', 60, near);
await add('complaint', 200, near);
await add('flood_zone', 20, square);
await follower.catchUp();

test.each([
  ['everywhere', ''],
  ['in a box', `bbox=${box}`],
])('state and events are exact under concurrent writes: %s', async (_, query) => {
  const writers = Promise.all(Array.from({ length: 4 }, (_, i) => write(25, seededRandom(i + 50))));
  const pages: { listener: Listener; pictures: Picture[] }[] = [];
  for (let i = 0; i < 5; i++) {
    const listener = await listen(`${url}/events?layers=${layers}&${query}`);
    // The stream first, the state after: nothing can fall between.
    const pictures = await Promise.all(
      layers.map((id) => new Picture().load(`${url}/api/layers/${id}/state?${query}`)),
    );
    pages.push({ listener, pictures });
    await wait(15);
  }
  await writers;
  await told(...pages.map(({ listener }) => listener));
  const now = await Promise.all(layers.map((id) => new Picture().load(`${url}/api/layers/${id}/state?${query}`)));
  for (const { listener, pictures } of pages) {
    expect(listener.heard.map(({ event }) => event)).not.toContain('resync');
    for (const [i, id] of layers.entries()) {
      pictures[i]!.apply(id, listener.heard);
      expect(pictures[i]!.sorted(), id).toEqual(now[i]!.sorted());
    }
    listener.close();
  }
  // And the state is what the tables hold.
  const { rows } = await sql<{
    id: number;
  }>`select id from complaint where secret = false ${query ? sql`and st_intersects(geom, st_makeenvelope(113.65, -8.18, 113.75, -8.13, 4326))` : sql``} order by id`.execute(
    db,
  );
  expect(now[1]!.sorted().map((each) => (each as [number])[0])).toEqual(rows.map(({ id }) => id));
  expect(rows.length).toBeGreaterThan(3);
});

test.each(['header', 'query'])('a listener that is cut off again and again loses nothing: resume by %s', async (by) => {
  const all = `${url}/events?layers=streetlight,flood_zone&bbox=${box}`;
  const pictures = await Promise.all(
    ['streetlight', 'flood_zone'].map((id) => new Picture().load(`${url}/api/layers/${id}/state?bbox=${box}`)),
  );
  let writing = true;
  let cuts = 0;
  const writers = Promise.all(
    [80, 81, 82].map(async (seed) => {
      const random = seededRandom(seed);
      do await write(30, random);
      while (cuts < 6); // however fast they write, they are heard in pieces
    }),
  ).finally(() => {
    writing = false;
  });
  let position = `${parts.live.epoch}:${Math.min(...pictures.map(({ seq }) => seq))}`;
  const heard: Heard[] = [];
  const resumed = () =>
    by === 'header' ? listen(all, { 'Last-Event-ID': position }) : listen(`${all}&last_event_id=${position}`);
  while (writing) {
    const listener = await resumed();
    await wait(random() * 40);
    listener.close();
    await listener.ended;
    heard.push(...listener.heard);
    expect(listener.heard[0]).toMatchObject({ event: 'ready', id: position, data: { resumed: true } });
    position = listener.lastId();
    cuts++;
  }
  await writers;
  const last = await resumed();
  await told(last);
  last.close();
  heard.push(...last.heard);
  expect(cuts).toBeGreaterThan(3);
  expect(heard.map(({ event }) => event)).not.toContain('resync');
  expect(heard.some(({ data }) => data.catch_up)).toBe(true);
  // In order, and no change twice.
  const numbers = heard.filter(({ event }) => event === 'change').map(({ id }) => Number(id!.split(':')[1]));
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  for (const [i, id] of ['streetlight', 'flood_zone'].entries()) {
    pictures[i]!.apply(id, heard);
    const now = await new Picture().load(`${url}/api/layers/${id}/state?bbox=${box}`);
    expect(pictures[i]!.sorted()).toEqual(now.sorted());
  }
});

test('after a restart it resumes from the log; from another log or a dropped day it starts over', async () => {
  const old = parts.live.position;
  await sql`update streetlight set observed_at = now() where id % 4 = 0`.execute(db);
  await follower.catchUp();
  const restarted = await testApp(connection, { ROLE: 'public' });
  const { url } = await serveApp(restarted.app);
  const resumed = await listen(`${url}/events?layers=streetlight`, { 'Last-Event-ID': old });
  const { data } = await resumed.until(({ event }) => event === 'change');
  expect(data.catch_up).toBe(true);
  const { rows } = await sql<{ id: number }>`select id from streetlight where id % 4 = 0 order by id`.execute(db);
  expect(data.features.map(({ id }: { id: number }) => id).toSorted((a: number, b: number) => a - b)).toEqual(
    rows.map(({ id }) => id),
  );
  resumed.close();

  const foreign = await listen(`${url}/events?layers=streetlight`, {
    'Last-Event-ID': `00000000-0000-4000-8000-000000000000:5`,
  });
  expect((await foreign.until(({ event }) => event === 'resync')).id).toBe(restarted.parts.live.position);
  expect(foreign.heard[0]).toMatchObject({ event: 'ready', data: { resumed: false } });
  const future = await listen(`${url}/events?layers=streetlight`, { 'Last-Event-ID': `${parts.live.epoch}:999999999` });
  await future.until(({ event }) => event === 'resync');
  // It may stay: what follows the new position is told.
  await told(foreign, future);
  foreign.close();
  future.close();

  await sql`update change set at = at - interval '9 days'`.execute(db);
  await keepPartitions(db, changeDays(7));
  await follower.catchUp();
  const again = await testApp(connection, { ROLE: 'public' });
  const { url: third } = await serveApp(again.app);
  const late = await listen(`${third}/events?layers=streetlight`, { 'Last-Event-ID': old });
  expect((await late.until(({ event }) => event === 'resync')).data.position).toBe(again.parts.live.position);
  late.close();
});

test('what comes into a box is told whole, what goes out of it leaves', async () => {
  const listener = await listen(`${url}/events?layers=streetlight&bbox=113.69,-8.16,113.71,-8.14`);
  const place = (lon: number, lat = -8.15) => sql`st_setsrid(st_makepoint(${lon}::float8, ${lat}::float8), 4326)`;
  const [id] = await insertRows(db, layerOf('streetlight'), [
    randomRow(layerOf('streetlight'), seededRandom(seeds++ * 7919), 'SRID=4326;POINT(113.6 -8.15)'),
  ]);
  await told(listener);
  const steps = [
    sql`update streetlight set geom = ${place(113.7)} where id = ${id}`, //     comes in
    sql`update streetlight set status = 'ok' where id = ${id}`, //              changes
    sql`update streetlight set geom = ${place(113.71)} where id = ${id}`, //    moves, on the edge
    sql`update streetlight set geom = ${place(113.72)} where id = ${id}`, //    goes out
    sql`update streetlight set status = 'unknown' where id = ${id}`, //         outside
    sql`update streetlight set geom = ${place(113.7)} where id = ${id}`, //     back
    sql`update streetlight set geom = null where id = ${id}`, //                nowhere
    sql`update streetlight set geom = ${place(113.7)} where id = ${id}`, //     back
    sql`delete from streetlight where id = ${id}`, //                           gone
  ];
  for (const step of steps) {
    await step.execute(db);
    await told(listener); // else two of them might be put together
  }
  const of = listener.heard
    .flatMap(({ event, data }) => (event === 'change' ? data.features : []))
    .filter((each) => each.id === id);
  expect(of.map(({ op, at, from }) => [op, at, from?.map((degrees: number) => Number(degrees.toFixed(6)))])).toEqual([
    ['update', [113.7, -8.15], [113.6, -8.15]],
    ['update', [113.7, -8.15], undefined],
    ['update', [113.71, -8.15], [113.7, -8.15]],
    ['leave', undefined, [113.71, -8.15]],
    ['update', [113.7, -8.15], [113.72, -8.15]],
    ['leave', undefined, [113.7, -8.15]],
    ['update', [113.7, -8.15], undefined],
    ['delete', undefined, [113.7, -8.15]],
  ]);
  listener.close();
});

/** Has the changes of the next half second told together, as they are under load. */
async function holdTogether(listener: Listener): Promise<void> {
  const now = performance.now.bind(performance);
  const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 250);
  await told(listener);
  later.mockRestore();
}

test('what was there only between two words is gone from a state that was read then', async () => {
  const inBox = 'bbox=113.69,-8.16,113.71,-8.14';
  const place = (lon: number) => `SRID=4326;POINT(${lon} -8.15)`;
  const lamp = async (lon: number) => {
    const row = randomRow(layerOf('streetlight'), seededRandom(seeds++ * 7919), place(lon));
    return (await insertRows(db, layerOf('streetlight'), [row]))[0]!;
  };
  const move = (id: number, lon: number) =>
    sql`update streetlight set geom = ${place(lon)}::geometry where id = ${id}`.execute(db);
  const remove = (id: number) => sql`delete from streetlight where id = ${id}`.execute(db);
  const passing = await lamp(113.5);
  const moving = await lamp(113.695);
  for (const query of ['', inBox]) {
    const address = `${url}/api/layers/streetlight/state?${query}`;
    const before = parts.live.position;
    const listener = await listen(`${url}/events?layers=streetlight&${query}`);
    await holdTogether(listener);
    const id = await lamp(113.7);
    await move(passing, 113.7);
    await move(moving, 113.705);
    await follower.catchUp();
    const picture = await new Picture().load(address);
    const resuming = picture.copy();
    expect(picture.features.has(id)).toBe(true);
    await remove(id);
    await move(passing, 113.5);
    await move(moving, 113.695);
    await follower.catchUp();
    await told(listener);
    const now = await new Picture().load(address);
    picture.apply('streetlight', listener.heard);
    expect(picture.sorted()).toEqual(now.sorted());
    // The tiles of where it was in between have changed as well.
    const words = listener.heard.flatMap(({ data }) => data.features ?? []).filter((each) => each.id === moving);
    const east = (word: { passed?: number[]; at: number[] }) => word.passed?.[2] ?? word.at[0]!;
    expect(Math.max(...words.map(east))).toBeCloseTo(113.705, 5);
    listener.close();
    // And so it is for one who comes back from before it was there.
    const late = await listen(`${url}/events?layers=streetlight&${query}`, { 'Last-Event-ID': before });
    await told(late);
    resuming.apply('streetlight', late.heard);
    expect(resuming.sorted()).toEqual((await new Picture().load(address)).sorted());
    late.close();
  }
});

test('a box does not hold for layers that are listened to everywhere', async () => {
  const [inBox, outside] = [113.7, 113.5].map((lon) => `SRID=4326;POINT(${lon} -8.15)`);
  const added = async (id: string, place = '') =>
    (await insertLawful(db, layerOf(id), [randomRow(layerOf(id), seededRandom(seeds++ * 7919), place)]))[0]!;
  const address = `${url}/events?layers=streetlight,camera&bbox=113.69,-8.16,113.71,-8.14&everywhere=camera`;
  const listener = await listen(address);
  const before = parts.live.position;
  const ids = [await added('streetlight', outside), await added('camera', outside), await added('camera', inBox)];
  await told(listener);
  const late = await listen(address, { 'Last-Event-ID': before });
  await told(late);
  for (const { heard } of [listener, late]) {
    const cameras = heard.flatMap(({ data }) => data.features ?? []).filter(({ layer }) => layer === 'camera');
    expect(cameras.map(({ id }) => id).toSorted()).toEqual(ids.slice(1).toSorted());
    expect(JSON.stringify(heard)).not.toContain(`"layer":"streetlight","op":"insert","id":${ids[0]},`);
  }
  listener.close();
  late.close();
  expect((await fetch(`${url}/events?layers=camera&bbox=1,1,2,2&everywhere=unit`)).status).toBe(400);
});

test('hidden rows and attributes leave no trace', async () => {
  const listener = await listen(`${url}/events?layers=complaint`);
  const from = parts.live.position;
  const make = async (secret: boolean, subject: string) => {
    const row = {
      ...randomRow(layerOf('complaint'), seededRandom(seeds++ * 7919), near()),
      secret,
      subject,
      reporter_name: 'zqreporter',
      address: 'zqaddress',
    };
    return (await insertRows(db, layerOf('complaint'), [row]))[0]!;
  };
  const open = await make(false, 'open');
  const secret = await make(true, 'zqsecret');
  await sql`update complaint set votes = 1 where id = ${secret}`.execute(db);
  await sql`delete from complaint where id = ${secret}`.execute(db);
  const closing = await make(false, 'closing');
  await follower.catchUp();
  await listener.until(
    ({ event, data }) => event === 'change' && data.features.some((each: { id: number }) => each.id === closing),
  );
  await sql`update complaint set secret = true, subject = 'zqclosed' where id = ${closing}`.execute(db);
  await sql`update complaint set votes = 2 where id = ${closing}`.execute(db);
  await sql`update complaint set secret = false, subject = 'opened' where id = ${closing}`.execute(db);
  const last = await make(false, 'last');
  await listener.until(
    ({ event, data }) => event === 'change' && data.features.some((each: { id: number }) => each.id === last),
  );
  const features = listener.heard.flatMap(({ event, data }) => (event === 'change' ? data.features : []));
  expect(features.map(({ id }) => id)).not.toContain(secret);
  expect(features.filter(({ id }) => id === open)).toMatchObject([{ op: 'insert', properties: { subject: 'open' } }]);
  const told = features.filter(({ id }) => id === closing);
  expect(told[0]).toMatchObject({ op: 'insert' });
  expect(told.at(-1)).toMatchObject({ op: told.length === 2 ? 'update' : 'insert', properties: { subject: 'opened' } });
  for (const { properties } of features)
    for (const key of Object.keys(properties ?? {})) expect(['subject', 'category', 'state', 'due_at']).toContain(key);
  expect(listener.text()).not.toContain('zq');
  const state = await (await fetch(`${url}/api/layers/complaint/state`)).text();
  expect(state).not.toContain('zq');
  listener.close();

  // A row that went out of sight while nobody listened cannot be told by its id, so the listener starts over.
  const before = parts.live.position;
  await sql`update complaint set secret = true where id = ${closing}`.execute(db);
  await follower.catchUp();
  const late = await listen(`${url}/events?layers=complaint`, { 'Last-Event-ID': before });
  await late.until(({ event }) => event === 'resync');
  expect(late.text()).not.toContain(`"id":${closing}`);
  late.close();
  // One that came and went unseen is nobody's business.
  const seen = parts.live.position;
  const ghost = await make(true, 'zqghost');
  await follower.catchUp();
  const next = await listen(`${url}/events?layers=complaint`, { 'Last-Event-ID': seen });
  expect(await next.until(({ event }) => event === 'ready')).toMatchObject({ data: { resumed: true } });
  expect(next.text()).not.toContain(`"id":${ghost}`);
  next.close();
  expect((await fetch(`${url}/events?layers=panic_button`)).status).toBe(404);
  expect((await fetch(`${url}/api/layers/panic_button/state`)).status).toBe(404);
  expect(from).not.toBe(seen);
});

test('a change of what a view hides is none of it: no event, no other state, no version, nothing missed', async () => {
  const row = { ...randomRow(layerOf('complaint'), seededRandom(seeds++ * 7919), near()), secret: false, code: null };
  const [one = 0, other = 0] = await insertRows(db, layerOf('complaint'), [
    { ...row, subject: 'satu' },
    { ...row, subject: 'dua' },
  ]);
  await follower.catchUp();
  const stateOf = async () => {
    const response = await fetch(`${url}/api/layers/complaint/state`);
    return [response.headers.get('etag'), (await response.json()).id.length];
  };
  const item = async () => {
    const response = await fetch(`${url}/ogc/collections/complaint/items/${one}`);
    return [response.headers.get('etag'), (await response.text()).replaceAll(/"timeStamp":"[^"]*"/g, '')];
  };
  const listener = await listen(`${url}/events?layers=complaint`);
  const told = () =>
    listener.heard.flatMap(({ event, data }) =>
      event === 'change' ? data.features.map(({ id }: { id: number }) => id) : [],
    );
  const catalogue = async (etag = '') => {
    const { status, headers } = await fetch(`${url}/api/layers`, { headers: { 'If-None-Match': etag } });
    return { status, etag: headers.get('etag'), position: headers.get('Pendopo-Position') };
  };
  const [state, shown, at] = [await stateOf(), await item(), parts.live.position];
  const listed = await catalogue();
  expect(listed).toMatchObject({ status: 200, position: at });
  expect(shown[0]).toBeNull();
  expect(shown[1]).not.toMatch(/"version"|"updated_at"/);
  for (const value of ['Ani', 'Budi', null])
    await sql`update complaint set reporter_name = ${value}, reporter_phone = ${value}, anonymous = ${value === null}
      where id = ${one}`.execute(db);
  await follower.catchUp();
  expect(await stateOf()).toEqual(state);
  expect(await item()).toEqual(shown);
  // The position, which counts every change, stands beside what did not change.
  expect(await catalogue(String(listed.etag))).toEqual({
    ...{ status: 304, etag: listed.etag, position: parts.live.position },
  });
  expect(parts.live.position).not.toBe(at);
  // What no tile carries and everybody may read is a change all the same.
  await sql`update complaint set public_reply = 'Sudah' where id = ${other}`.execute(db);
  await listener.until(
    ({ event, data }) => event === 'change' && data.features.some(({ id }: { id: number }) => id === other),
  );
  expect(told()).toEqual([other]);
  listener.close();
  // Who comes back hears of the one and not of the other.
  const back = await listen(`${url}/events?layers=complaint`, { 'Last-Event-ID': at });
  expect(await back.until(({ event }) => event === 'ready')).toMatchObject({ data: { resumed: true } });
  await back.until(({ event }) => event === 'change');
  expect(back.text()).not.toContain(`"id":${one}`);
  back.close();
});

test('a bad question has a clear answer', async () => {
  for (const query of ['layers=nothing', 'layers=', 'layers=camera,nothing']) {
    const { status } = await listen(`${url}/events?${query}`);
    expect(status, query).toBe(404);
  }
  for (const query of [
    'bbox=1,2,3',
    'bbox=a,b,c,d',
    'bbox=1,2,3,',
    'bbox=0,10,5,5',
    'bbox=-190,0,1,1',
    'bbox=0,-91,1,1',
    'bbox=NaN,0,1,1',
    'last_event_id=5',
    'last_event_id=x:y',
  ]) {
    const response = await fetch(`${url}/events?layers=camera&${query}`);
    expect(response.status, query).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'urn:pendopo:problem:bad_request' });
  }
  expect((await fetch(`${url}/api/layers/camera/state?bbox=1,2`)).status).toBe(400);
  expect((await fetch(`${url}/events?layers=camera`, { method: 'HEAD' })).status).toBe(200);
});

test('who leaves before it is known who he is takes no room for ever', async () => {
  const few = await testApp(connection, { EVENTS_PER_ACCOUNT: 1 });
  const slow = createApp(few.parts, async (c, next) => {
    await wait(100); // as a question to the database
    setViewer(c, viewerNamed('Dewi', { role: 'operator' }));
    await next();
  });
  const { url } = await serveApp(slow);
  for (let n = 0; n < 5; n++) {
    await fetch(`${url}/events`, { signal: AbortSignal.timeout(20) }).catch(() => {});
    await wait(200);
  }
  const listener = await listen(`${url}/events`);
  expect(listener.status).toBe(200);
  listener.close();
  while (few.parts.hub.size > 0) await wait(5);
  expect(few.complaints).toEqual([]);
});

test('the head of a stream keeps proxies from holding it back', async () => {
  const listener = await listen(`${url}/events?layers=camera`, { 'Accept-Encoding': 'gzip, br, zstd' });
  expect(listener.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  expect(listener.headers['content-encoding']).toBeUndefined();
  await listener.until(({ event }) => event === 'ready');
  listener.close();
});

test('a stream too many from one address is refused; one that ends makes room', async () => {
  const few = await testApp(connection, { EVENTS_PER_ADDRESS: 2 });
  const { url } = await serveApp(few.app);
  const open = [await listen(`${url}/events`), await listen(`${url}/events`)];
  const refused = await fetch(`${url}/events`);
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ type: 'urn:pendopo:problem:too_many' });
  // How a page, whose event source tells it nothing, learns why.
  expect((await fetch(`${url}/events`, { method: 'HEAD' })).status).toBe(429);
  open[0]!.close();
  while (few.parts.hub.size > 1) await wait(5);
  expect((await fetch(`${url}/events`, { method: 'HEAD' })).status).toBe(200);
  const next = await listen(`${url}/events`);
  expect(next.status).toBe(200);
  next.close();
  open[1]!.close();
  while (few.parts.hub.size > 0) await wait(5);
});

test('an account has so many streams, from whatever address, and leaves those of visitors alone', async () => {
  const few = await testApp(connection, { EVENTS_PER_ACCOUNT: 1, EVENTS_PER_ADDRESS: 1 });
  const urls = await Promise.all(
    [viewerNamed('Dewi', { role: 'operator' }), viewerNamed('Agus', { role: 'operator' }), visitor('operator')].map(
      async (viewer) => (await serveApp(doorOf(few.parts, viewer).app)).url,
    ),
  );
  const open = await Promise.all(urls.map((url) => listen(`${url}/events`)));
  expect(open.map(({ status }) => status)).toEqual([200, 200, 200]);
  for (const url of urls) expect((await fetch(`${url}/events`)).status).toBe(429);
  for (const stream of open) stream.close();
  while (few.parts.hub.size > 0) await wait(5);
});

test('the server can end while streams are open', async () => {
  const ending = await testApp(connection);
  const { url, server } = await serveApp(ending.app);
  const listeners = await Promise.all([1, 2, 3].map(() => listen(`${url}/events`)));
  const closed = new Promise((resolve) => server.close(resolve));
  ending.parts.hub.close();
  await Promise.all([closed, ...listeners.map(({ ended }) => ended)]);
  expect(ending.parts.hub.size).toBe(0);
});

test('the state of a layer is asked again for nothing while nothing changed', async () => {
  await follower.catchUp();
  const address = `${url}/api/layers/streetlight/state`;
  const first = await fetch(address);
  const etag = first.headers.get('etag')!;
  await first.arrayBuffer();
  await sql`update camera set observed_at = now()`.execute(db);
  await sql`update flood_zone set observed_at = now()`.execute(db);
  await follower.catchUp();
  expect((await fetch(address, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  await sql`update streetlight set observed_at = now() where id = (select min(id) from streetlight)`.execute(db);
  await follower.catchUp();
  expect((await fetch(address, { headers: { 'If-None-Match': etag } })).status).toBe(200);
});

test('nothing of a transaction is told before its commit, and nothing of one that was rolled back', async () => {
  const listener = await listen(`${url}/events?layers=flood_zone,streetlight`);
  await expect(
    transaction(db, async (trx) => {
      await sql`update flood_zone set observed_at = now()`.execute(trx);
      throw new Error('undone');
    }),
  ).rejects.toThrow('undone');
  await told(listener);
  expect(listener.text()).not.toContain('flood_zone');
  listener.close();
  expect(complaints).toEqual([]);
});
