import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { testLocation } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

const location = await testLocation();

test('an opening that takes minutes is waited for', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let opened = false;
  const opening = connect(location).finally(() => {
    opened = true;
  });
  while (!opened) {
    vi.advanceTimersByTime(60_000);
    await turn();
  }
  const connection = await opening;
  vi.useRealTimers();
  await connection.close();
});

test('a file in place of the database is named', async () => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, 'database'), '');
  await expect(connect({ dataDir })).rejects.toThrow(`${dataDir}/database does not open (it is a file, not a folder).`);
});

test('damaged files are told with their folder and the way out', async () => {
  const { dataDir } = location; // nobody needs it any more
  const directory = join(dataDir, 'database/global');
  for (const name of readdirSync(directory)) truncateSync(join(directory, name), 100);
  await expect(connect({ dataDir })).rejects.toThrow(
    new RegExp(`${dataDir}/database does not open \\(.+ put back a copy`),
  );
});

test('a DATA_DIR that cannot be a folder is named at once', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  for (const dataDir of [join(folder, 'file'), join(folder, 'file/below'), '/proc/nope'])
    await expect(connect({ dataDir })).rejects.toThrow(`DATA_DIR ${dataDir} is no folder to write in: `);
});
