import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../support/child.ts';
import { type Measure, timed } from './report.ts';

const main = new URL('../../server/main.ts', import.meta.url);
const page = new URL('../../dist/web', import.meta.url);

/** `npm start` on an empty folder, with nothing but npm: database, demo regency and page are made; then once more on what is there. */
export async function run(): Promise<Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pendopo_bench_'));
  const settings = { DATABASE_URL: '', DATA_DIR: folder, PORT: '0', MQTT_PORT: '0', LOG_LEVEL: 'fatal' };
  const start = async () => {
    const child = startChild(main, [], settings);
    const ms = await timed(() => child.line(/http:\/\/localhost/));
    await child.kill('SIGINT');
    return ms / 1000;
  };
  await rm(page, { recursive: true, force: true });
  try {
    const [first, later] = [await start(), await start()];
    const at = 'embedded database, demo regency of the default size';
    return [
      {
        bench: 'start/first',
        metric: `first start: ${at}, page built`,
        value: first,
        unit: 's',
        target: 60,
        better: 'lower',
      },
      { bench: 'start/first', metric: 'later start', value: later, unit: 's', target: 10, better: 'lower' },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}
