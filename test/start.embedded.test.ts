import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Catalogue } from '../server/registry/catalogue.ts';
import { type Child, startChild } from './support/child.ts';
import { seededRandom } from './support/random.ts';

/** `npm start` as a person runs it: a process of its own on an empty folder, ended in every way a process can end. */
const folder = mkdtempSync(join(tmpdir(), 'pendopo_start_'));
const main = new URL('../server/main.ts', import.meta.url);
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

test('killed at any moment of the first start, it starts again whole; ended by Ctrl-C, it ends cleanly', {
  timeout: 300_000,
}, async () => {
  const random = seededRandom(Number(process.env.TEST_SEED ?? 21));
  for (let i = 0; i < 3; i++) {
    const child = server();
    await new Promise((resolve) => setTimeout(resolve, 300 + random() * 9000));
    await child.kill();
  }
  const whole = server();
  const at = await address(whole);
  const first = await counts(at);
  expect(first).toMatchObject({ district: 31, village: 248, hospital: 13, umkm: 6500 });
  expect((await fetch(`${at}/health/ready`)).status).toBe(200);
  expect(existsSync(join(folder, 'database.tmp'))).toBe(false);

  const second = server();
  const { code, errors } = await second.ended;
  expect(code).toBe(1);
  expect(errors).toContain(folder);
  expect((await fetch(`${at}/health/live`)).status).toBe(200);

  await whole.kill();
  const again = server();
  expect(await counts(await address(again))).toEqual(first);
  await again.kill('SIGINT');
  expect((await again.ended).code).toBe(0);
});

test('a wrong variable ends the start with a message that names it', async () => {
  const { code, errors } = await startChild(main, [], { PORT: 'eighty', REGION_BBOX: '1,2,3' }).ended;
  expect(code).toBe(1);
  expect(errors).toContain('PORT');
  expect(errors).toContain('REGION_BBOX: needs west,south,east,north in degrees');
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
