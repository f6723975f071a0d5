import { sql } from 'kysely';
import { connect } from '../../server/database/connect.ts';
import { migrate } from '../../server/database/migrate.ts';

/**
 * A program to be killed: `node open_and_write.ts <folder or postgres://…> [rows]` opens and migrates a database, says `open`,
 * adds that many rows (default: without end), each in a transaction of its own, and says `wrote N` after each commit.
 */
const [, , target = '', rows = 'Infinity'] = process.argv;
const location = target.includes('://') ? { databaseUrl: target, dataDir: '' } : { dataDir: target };
const connection = await connect(location);
await migrate(connection);
console.log('open');
if (Number(rows) > 0) await write();
await connection.close();

async function write(): Promise<void> {
  await sql`create table if not exists tally (n bigint primary key, filler text)`.execute(connection.db);
  const next = await sql<{ n: number }>`select coalesce(max(n), 0) + 1 as n from tally`.execute(connection.db);
  const first = next.rows[0]?.n ?? 1;
  for (let n = first; n < first + Number(rows); n++) {
    await sql`insert into tally values (${n}, repeat('x', 500))`.execute(connection.db);
    console.log(`wrote ${n}`);
  }
}
