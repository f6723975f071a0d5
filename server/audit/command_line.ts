import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { config } from '../config.ts';
import { type Connection, connect } from '../database/connect.ts';
import { transaction } from '../database/transaction.ts';
import { exportTrail } from './export.ts';
import { protect } from './protect.ts';
import { record } from './record.ts';
import { verify } from './verify.ts';
import { trailWarning } from './weaknesses.ts';

const usage = `npm run audit -- verify             recompute the chain; exit code 1 when it is broken
npm run audit -- export [file]      all entries as NDJSON, the head of the chain last; without a file to the screen
npm run audit -- protect            keep the role in DATABASE_URL from changing the trail; ADMIN_URL: a superuser, same database`;

/** Whoever sits at the machine. */
const by = { viewer: { grants: [{ role: 'auditor' as const }], person: { id: 'command', name: 'npm run audit' } } };

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** `npm run audit`: exit code 0 when the trail is whole, 1 otherwise. */
async function main([command, file]: readonly string[]): Promise<void> {
  if (command !== 'verify' && command !== 'export' && command !== 'protect') throw new Error(usage);
  const { DATABASE_URL: databaseUrl, DATA_DIR: dataDir } = config();
  const connection = await connect({ databaseUrl, dataDir });
  try {
    if (command === 'protect') return await protectFrom(connection, databaseUrl);
    if (command === 'export') {
      await transaction(connection.db, (trx) => record(trx, by, { action: 'export_audit' }));
      const lines = Readable.from(exportTrail(connection.db));
      await (file === undefined
        ? pipeline(lines, process.stdout, { end: false })
        : pipeline(lines, createWriteStream(file)));
      return;
    }
    const { entries, head, broken } = await verify(connection.db);
    if (broken) {
      console.error(`Broken at entry ${broken.n}: ${broken.why}. The ${entries} entries before it are whole.`);
      process.exitCode = 1;
    } else console.log(`${entries} entries, unbroken. Head: ${head}`);
    // Behind the head that was told; and afterwards, for a broken trail may take no more.
    const after = { entries, ...(broken && { broken: broken.n }) };
    await transaction(connection.db, (trx) => record(trx, by, { action: 'verify_audit', after }));
    const warning = connection.kind === 'server' && (await trailWarning(connection.db));
    if (warning) console.warn(warning);
  } finally {
    await connection.close();
  }
}

/** The superuser's address is no setting of the server: it is named for this command alone. */
async function protectFrom(app: Connection, databaseUrl: string | undefined): Promise<void> {
  const { ADMIN_URL: adminUrl } = process.env;
  if (databaseUrl === undefined) throw new Error('The embedded database has no roles: this is for DATABASE_URL.');
  if (!adminUrl) throw new Error(usage);
  const admin = await connect({ databaseUrl: adminUrl, dataDir: '' });
  try {
    await protect(app, admin);
    console.log('The role in DATABASE_URL reads the trail and adds to it, and can do nothing else with it.');
  } finally {
    await admin.close();
  }
}
