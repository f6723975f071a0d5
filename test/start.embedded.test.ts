import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Catalogue } from '../server/registry/catalogue.ts';
import { type Child, startChild } from './support/child.ts';
import { seededRandom } from './support/random.ts';

/** `npm start` as a person runs it: a process of its own on an empty folder, ended in every way a process can end. */
const folder = mkdtempSync(join(tmpdir(), 'pendopo_start_'));
const main = new URL('../server/main.ts', import.meta.url);
const dist = fileURLToPath(new URL('../dist', import.meta.url));
/** Of no process: beyond the largest id Linux gives. */
const nobody = 4_194_305;
const running = new Set<Child>();
afterAll(async () => {
  await Promise.all([...running].map((child) => child.kill()));
  rmSync(folder, { recursive: true, force: true });
});

function server(given: Readonly<Record<string, string>> = {}): Child {
  const settings = {
    DATABASE_URL: '',
    DATA_DIR: folder,
    PORT: '0',
    MQTT_PORT: '0',
    DEMO_SCALE: '0.01',
    SIMULATE: '0',
    LOG_LEVEL: 'warn',
    ...given,
  };
  const child = startChild(main, [], settings);
  running.add(child);
  return child;
}

/** The address it prints when it is ready. */
async function address(child: Child): Promise<string> {
  return (await child.line(/http:\/\/localhost:\d+/)).trim();
}

async function counts(at: string): Promise<Record<string, number>> {
  const { layers }: Catalogue = await (await fetch(`${at}/api/layers`)).json();
  return Object.fromEntries(layers.map(({ id, count }) => [id, count]));
}

/** What it prints at the moments of its first start at which it is killed, in their order. */
const moments = [/creating the embedded database/, /migration 004/, /river_gauge: /, /umkm: /];

// And at two moments that differ from run to run; START_KILLS=<seed> repeats those of one.
const seed = process.env.START_KILLS ?? String(Date.now() % 1_000_000);
const random = seededRandom(Number(seed));
const delays = [Math.round(random() * 1500), Math.round(random() * 4000)] as const;

test('killed at every moment of the first start, it starts again whole; ended by Ctrl-C, it ends cleanly', {
  timeout: 300_000,
}, async () => {
  console.log(`killed after ${delays.join(' and after ')} ms, too (START_KILLS=${seed})`);
  const killed = async (moment: (child: Child) => Promise<unknown>) => {
    const child = server();
    await moment(child);
    await child.kill();
  };
  await killed(() => wait(delays[0]));
  for (const i of moments.keys()) {
    // What the kill before came after is not said again.
    const orLater = new RegExp(
      moments
        .slice(i)
        .map(({ source }) => source)
        .join('|'),
    );
    await killed((child) => child.line(orLater));
  }
  await killed(() => wait(delays[1]));
  const left = [join(folder, `basemap.pmtiles.${nobody}.1.tmp`), join(dist, `web.${nobody}`)] as const;
  writeFileSync(left[0], '');
  mkdirSync(left[1], { recursive: true });
  const whole = server();
  const at = await address(whole);
  expect(await counts(at)).toMatchObject({ district: 31, village: 248, hospital: 13, umkm: 6500 });
  expect((await fetch(`${at}/health/ready`)).status).toBe(200);
  expect(existsSync(join(folder, 'database.tmp'))).toBe(false);
  expect(left.filter((path) => existsSync(path))).toEqual([]);

  const second = server();
  const { code, errors } = await second.ended;
  expect(code).toBe(1);
  expect(errors).toContain(folder);
  expect((await fetch(`${at}/health/live`)).status).toBe(200);

  await whole.kill('SIGINT');
  expect((await whole.ended).code).toBe(0);
});

test('a wrong variable ends the start with a message that names it', async () => {
  const { code, errors } = await startChild(main, [], {
    PORT: 'eighty',
    REGION_BBOX: '1,2,3',
    DATABASE_URL: 'mysql://a',
  }).ended;
  expect(code).toBe(1);
  expect(errors).toContain('PORT');
  expect(errors).toContain('REGION_BBOX: needs west,south,east,north in degrees');
  expect(errors).toContain('DATABASE_URL: needs the form postgres://user:password@host:5432/database');
});

test('a taken port ends the start in one line, before there is a database', async () => {
  const taken = createServer();
  await new Promise<void>((done) => taken.listen(0, 'localhost', done));
  const PORT = String((taken.address() as AddressInfo).port); // listening on TCP
  const DATA_DIR = join(folder, 'never');
  const { code, errors } = await server({ PORT, DATA_DIR }).ended;
  taken.close();
  expect(code).toBe(1);
  expect(errors).toBe(`PORT ${PORT} on HOST localhost is taken by another program: end it, or choose another PORT.\n`);
  expect(existsSync(DATA_DIR)).toBe(false);
});

test('an address that is not of this machine is named', async () => {
  const { code, errors } = await server({ HOST: '192.0.2.1' }).ended;
  expect(code).toBe(1);
  expect(errors).toBe('HOST 192.0.2.1 is no address of this machine: choose another HOST (PORT 0).\n');
});
