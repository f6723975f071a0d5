import { sql } from 'kysely';
import { expect } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { browserTests } from '../support/browser.ts';
import { colours, count, eventually, type MapPage } from '../support/map_page.ts';
import { type Colour, readPng } from '../support/png.ts';
import { insertRows, type Row } from '../support/rows.ts';
import { type Place, places } from '../support/small_regency.ts';

const test = await browserTests();
const layers = await layerFiles();
const [lon, lat] = places.centre;
const ink: Colour = [0x15, 0x20, 0x1b];
const unknown: Colour = [0x66, 0x75, 0x6d];
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Places in a row, far enough apart that no symbol reaches into the next. */
const spots = Array.from({ length: 4 }, (_, index): Place => [lon - 0.006 + index * 0.004, lat - 0.0075]);

type Db = Parameters<typeof insertRows>[0];
const made: Readonly<Record<string, readonly Row[]>> = {
  siren: [
    { code: 'S-IDLE', reported: 'idle', commanded: 'idle', verified: 'verified' },
    { code: 'S-ASKED', reported: 'idle', commanded: 'sounding', verified: 'unknown' },
    { code: 'S-FAULT', reported: 'idle', commanded: 'sounding', verified: 'differs' },
  ].map((row, index) => ({ ...row, name: row.code, reach_m: 500, geom: at(index), observed_at: minutesAgo(0) })),
  complaint: [
    { code: 'C-DUE', state: 'assigned', due_at: minutesAgo(-60) },
    { code: 'C-OVER', state: 'assigned', due_at: minutesAgo(60) },
    { code: 'C-WAITS', state: 'waiting', due_at: minutesAgo(60) },
  ].map((row, index) => ({
    ...{ ...row, subject: row.code, category: 'waste', secret: false, geom: at(index), observed_at: minutesAgo(90) },
  })),
  hospital: [
    {
      ...{ code: 'RS-1', name: 'RSUD Uji', facility_status: 'normal', geom: at(3), observed_at: minutesAgo(4) },
      ...{ icu_total: 12, icu_free: 3, icu_at: minutesAgo(3 * 24 * 60) },
      ...{ class1_total: 40, class1_free: 0, class1_used: 41, class1_queue: 2, class1_at: minutesAgo(5) },
      ...{ nicu_total: 0, nicu_free: 0, nicu_at: minutesAgo(5) },
    },
  ],
};

function at(index: number): string {
  return `SRID=4326;POINT(${spots[index]!.join(' ')})`;
}

let filled: Promise<ReadonlyMap<string, number>> | undefined;
/** The rows above in the regency, once; their ids by code. */
function fill(db: Db): Promise<ReadonlyMap<string, number>> {
  filled ??= (async () => {
    const ids = new Map<string, number>();
    for (const [id, rows] of Object.entries(made)) {
      const given = await insertRows(db, layers.find((layer) => layer.id === id)!, rows);
      rows.forEach(({ code }, index) => {
        ids.set(String(code), given[index]!);
      });
    }
    return ids;
  })();
  return filled;
}

const address = (of: string, zoom = 15) => `/?at=${lon},${lat - 0.0075},${zoom}&layers=${of}&base=none`;

/** How much of a colour each of the first three spots shows. */
const shows = (map: MapPage, colour: Colour) => Promise.all(spots.slice(0, 3).map((spot) => map.ink(spot, colour, 24)));

test('what was asked of a siren and what it does otherwise is seen on it, in the legend and in the inspector', async ({
  open,
  connection,
}) => {
  const ids = await fill(connection.db);
  const map = await open(address('siren'));
  const { page, connected } = map;
  await connected();
  await eventually(() => map.ink(spots[2]!, colours.warning, 24)).toBeGreaterThan(25);
  const [idle, asked, fault] = await shows(map, colours.warning);
  expect([idle, asked]).toEqual([0, 0]);
  expect(fault).toBeGreaterThan(25);
  const [calm = 0, haloed = 0] = await shows(map, ink);
  expect(haloed).toBeGreaterThan(calm + 40);

  await page.goto(`${address('siren')}&sel=siren/${ids.get('S-FAULT')}`);
  const inspector = page.locator('aside[data-feature]');
  await eventually(() => inspector.textContent()).toContain('Tidak sesuai perintah');
  await eventually(() => inspector.locator('section', { hasText: 'Perintah' }).first().textContent()).toMatch(
    /Diminta\s*Bunyikan\s*Dilaporkan\s*Siap/,
  );
});

test('the reach of a siren is drawn while it is selected', async ({ open, connection }) => {
  const ids = await fill(connection.db);
  const map = await open(address('siren'));
  await map.connected();
  const [siren] = spots;
  const north = (metres: number): Place => [siren![0], siren![1] + metres / 111_195];
  const ground: Colour = [0xec, 0xef, 0xea];
  const bare = 20 * 20;
  await eventually(() => map.ink(north(400), ground, 10)).toBe(bare);
  const { x, y } = await map.pixel(siren!);
  await map.page.mouse.click(x, y);
  await map.page.locator(`[data-feature="siren/${ids.get('S-IDLE')}"]`).waitFor();
  await eventually(() => map.ink(north(400), ground, 10)).toBe(0);
  expect(await map.ink(north(600), ground, 10)).toBe(bare);
  // Where somebody worked out the area, that and not the radius.
  const ring = [550, 650].flatMap((metres, i) => {
    const [lon, lat] = north(metres);
    const sides = [lon - 0.003, lon + 0.003];
    return (i === 0 ? sides : sides.toReversed()).map((side) => [side, lat]);
  });
  const reach = JSON.stringify({ type: 'Polygon', coordinates: [[...ring, ring[0]]] });
  await sql`update siren set reach = ${reach} where id = ${ids.get('S-IDLE')!}`.execute(connection.db);
  await eventually(() => map.ink(north(600), ground, 10)).toBe(0);
  expect(await map.ink(north(400), ground, 10)).toBe(bare);
});

test('a complaint past its time wears a clock, one whose clock is stopped does not', async ({ open, connection }) => {
  const ids = await fill(connection.db);
  const map = await open(address('complaint'));
  await map.connected();
  await eventually(() => map.ink(spots[1]!, ink, 24)).toBeGreaterThan(60);
  const [due = 0, over = 0, waits = 0] = await shows(map, ink);
  expect(over).toBeGreaterThan(due + 30);
  expect(Math.abs(waits - due)).toBeLessThan(10);
  await map.page.goto(`${address('complaint')}&sel=complaint/${ids.get('C-OVER')}`);
  await map.page.locator('aside[data-feature]').getByText('lewat batas waktu').waitFor();
});

test('from close by a signal shows the lamps that burn in each group, as they are told, and not when that is old', async ({
  open,
  connection,
}) => {
  const here = spots[0]!;
  const [red, green]: Colour[] = [
    [0xff, 0x5a, 0x52],
    [0x3d, 0xdc, 0x84],
  ];
  const signal = { name: 'Simpang Uji', code: 'APILL-U', mode: 'fixed_time', signal_groups: '1BBB', geom: at(0) };
  const light = layers.find(({ id }) => id === 'traffic_light')!;
  const [id] = await insertRows(connection.db, light, [{ ...signal, observed_at: minutesAgo(0) }]);
  const tell = (groups: string, minutes = 0) =>
    sql`update traffic_light set signal_groups = ${groups}, observed_at = ${minutesAgo(minutes)} where id = ${id}`.execute(
      connection.db,
    );
  const map = await open(`/?at=${here.join(',')},17&layers=traffic_light&base=none&sel=traffic_light/${id}`);
  await map.connected();
  const lamps = async () => [await map.ink(here, red!, 44), await map.ink(here, green!, 44)];
  await tell('1BBB');
  await eventually(async () => Math.min(...(await lamps()))).toBeGreaterThan(5);
  const inspector = map.page.locator('aside[data-feature]');
  await eventually(() => inspector.textContent()).toContain('1 hijau, 2 merah, 3 merah, 4 merah');
  await tell('BBBB');
  await eventually(async () => (await lamps())[1]).toBe(0);
  expect((await lamps())[0]).toBeGreaterThan(20);
  await tell('1BBB', 5);
  await eventually(lamps).toEqual([0, 0]);
  // From further away a symbol has no room for them.
  await tell('1BBB');
  await map.page.goto(`/?at=${here.join(',')},16&layers=traffic_light&base=none`);
  await map.connected();
  await eventually(() => map.ink(here, colours.normal, 24)).toBeGreaterThan(40);
  expect(await lamps()).toEqual([0, 0]);
});

test('a camera that is cut off has no ring', async ({ open }) => {
  const map = await open(`/?at=${places.offline.join(',')},15&layers=camera&base=none`);
  await map.connected();
  await eventually(() => map.ink(places.offline, ink)).toBeGreaterThan(10);
  // A ring of three pixels would be two hundred of them.
  expect(await map.ink(places.offline, unknown)).toBeLessThan(90);
});

test('each class of beds has a line with its age, and a class of nothing has none', async ({ open, connection }) => {
  const ids = await fill(connection.db);
  const { page } = await open(`${address('hospital')}&sel=hospital/${ids.get('RS-1')}`);
  const inspector = page.locator('aside[data-feature]');
  const icu = inspector.locator('div', { has: page.locator('dt', { hasText: 'Kosong, ICU' }) }).last();
  await eventually(() => icu.textContent()).toMatch(/^Kosong, ICU3 dari 12 tempat tidur3 hari lalu\s*kedaluwarsa$/);
  const first = inspector.locator('div', { has: page.locator('dt', { hasText: 'Kosong, kelas I' }) }).last();
  await eventually(() => first.textContent()).toMatch(/^Kosong, kelas I0 dari 40 tempat tidur$/);
  const last = inspector.locator('div', { has: page.locator('dt', { hasText: 'Antrean, kelas I' }) }).last();
  expect(await last.textContent()).toMatch(
    /^Antrean, kelas I2 orang.*Jumlahnya melebihi 40: meragukan\s*5 menit lalu$/,
  );
  const text = await inspector.textContent();
  for (const absent of ['NICU', 'PICU', 'Waktu data', 'Tempat tidur ICU']) expect(text).not.toContain(absent);
});

test('what is critical already pulses when the page opens, as far as the layer is shown', async ({ open, id }) => {
  const { page } = await open('/?at=113.7,-8.17,14&layers=river_gauge&base=none');
  await page.locator(`[data-pulse="river_gauge/${id('PDA-1')}"]`).waitFor({ state: 'attached' });
  expect(await page.locator('[data-pulse]').count()).toBe(1);
  const { page: seen, connected } = await open(
    `/?at=113.7,-8.17,14&layers=river_gauge&sel=river_gauge/${id('PDA-1')}&base=none`,
  );
  await connected();
  await seen.locator('aside[data-feature]').getByText('Pos Bedadung').waitFor();
  expect(await seen.locator('[data-pulse]').count()).toBe(0);
});

test('the legend follows what is shown, and a wall is read from three metres', async ({ open }) => {
  const { page, connected } = await open('/?at=113.7,-8.17,14&layers=river_gauge&base=none');
  await connected();
  await page.getByRole('button', { name: 'Legenda' }).first().click();
  await page.getByText('Tanda tanya = bacaan meragukan').waitFor();
  expect(await page.getByText('Jam = lewat batas waktu').count()).toBe(0);
  await page.locator('[data-layer=complaint]').click();
  await page.getByText('Jam = lewat batas waktu').waitFor();
  await page.locator('[data-layer=river_gauge]').click();
  await eventually(() => page.getByText('Tanda tanya = bacaan meragukan').count()).toBe(0);

  const wall = await open('/?wall&at=113.7,-8.17,14&layers=river_gauge,siren&base=none', {
    viewport: { width: 3840, height: 2160 },
    colorScheme: 'dark',
  });
  const strip = wall.page.getByRole('list', { name: 'Lapisan' });
  await eventually(() => strip.locator('li').allTextContents()).toEqual(['Pos duga air', 'Sirene']);
  // Nothing in it was drawn before the page was dark.
  const meanings = await wall.page.getByRole('list', { name: 'Legenda' }).screenshot();
  expect(count(readPng(meanings), [0xff, 0xff, 0xff])).toBe(0);
  const symbol = await strip.locator('canvas').first().boundingBox();
  expect(symbol?.width).toBeCloseTo(34 * 1.6, 0);
  expect(await strip.evaluate((list) => Number.parseFloat(getComputedStyle(list).fontSize))).toBeGreaterThanOrEqual(20);
});
