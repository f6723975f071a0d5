import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verify } from '../../server/audit/verify.ts';
import { connect } from '../../server/database/connect.ts';
import { migrate } from '../../server/database/migrate.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase, testLocation } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

const { connection, name } = await testDatabase();
const empty = await testLocation({ migrated: false });
const installed = '/usr/lib/postgresql';
const newest = existsSync(installed)
  ? readdirSync(installed)
      .toSorted((a, b) => Number(a) - Number(b))
      .at(-1)
  : undefined;
const programs = process.env.PG_BIN ?? (newest && join(installed, newest, 'bin'));
const run = promisify(execFile);

// With NOTHING_SKIPPED, as in CI, it fails where it cannot run.
test.skipIf(programs === undefined && !process.env.NOTHING_SKIPPED)(
  'a backup that is restored is whole: rows, series, the trail and its seal',
  { timeout: 120_000 },
  async () => {
    if (programs === undefined)
      expect.fail('no pg_dump is installed on this machine: apt-get install postgresql-client-15');
    const { parts } = await testApp(connection);
    const room = doorOf(parts, viewerNamed('Eka', { role: 'operator' }));
    const input = { subject: 'Jalan', geometry: { type: 'Point', coordinates: [113.7, -8.17] } };
    const made = await (await room.post('/api/layers/complaint/features', { input })).json();
    const { head, entries } = await verify(connection.db);
    expect(entries).toBeGreaterThan(0);

    const url = new URL(process.env.DATABASE_URL!);
    url.pathname = `/${name}`;
    const file = join(temporaryFolder(), 'pendopo.dump');
    await run(join(programs, 'pg_dump'), ['--format=custom', `--file=${file}`, url.href]);
    await run(join(programs, 'pg_restore'), ['--exit-on-error', `--dbname=${empty.databaseUrl}`, file]);

    const restored = await connect(empty);
    try {
      await migrate(restored); // nothing is left to do
      expect(await verify(restored.db)).toEqual({ head, entries });
      const epoch = async () =>
        (await restored.db.selectFrom('change_log').select('epoch').executeTakeFirstOrThrow()).epoch;
      const before = await epoch();
      await sql`update change_log set epoch = gen_random_uuid()`.execute(restored.db);
      expect(await epoch()).not.toBe(before);
      // It goes on where it was: the trail is sealed, the change log counts.
      const { parts: again } = await testApp(restored);
      const door = doorOf(again, viewerNamed('Eka', { role: 'operator' }));
      const edited = await door.post(
        `/api/layers/complaint/features/${made.id}/edit`,
        { input: { subject: 'Got' } },
        made.version,
      );
      expect(edited.status, await edited.clone().text()).toBe(200);
      expect(await verify(restored.db)).toMatchObject({ entries: entries + 1 });
    } finally {
      await restored.close();
    }
  },
);
