import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { exportTrail } from '../../server/audit/export.ts';
import { record } from '../../server/audit/record.ts';
import { verify } from '../../server/audit/verify.ts';
import { DatabaseError } from '../../server/database/database_error.ts';
import { transaction } from '../../server/database/transaction.ts';
import { viewerNamed } from '../support/acting.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { db } = connection;
const origin = { viewer: viewerNamed("O'Brien \u2028 🌊", { role: 'admin' }), address: '::1', requestId: 'r' };
const write = (action: string, more = {}) => transaction(db, (trx) => record(trx, origin, { action, ...more }));

test('an empty trail is whole', async () => {
  expect(await verify(db)).toEqual({ entries: 0, head: '0'.repeat(64) });
});

test('sixteen writers at once, some of whom give up, make one unbroken chain', async () => {
  await Promise.all(
    Array.from({ length: 16 }, async (_, writer) => {
      for (let i = 0; i < 12; i++)
        await transaction(db, async (trx) => {
          await record(trx, origin, {
            action: 'edit',
            layer: 'siren',
            feature: writer,
            version: i,
            after: { level: 1.1 * i, name: 'Pos "A"\n' },
          });
          // The other kind of lock at commit: nobody may wait in a circle.
          await sql`insert into river_gauge (name) values ('Pos')`.execute(trx);
          if (i % 2 === 0) await record(trx, origin, { action: 'read', before: { nested: { b: null, a: [1, 'x'] } } });
          if (i % 4 === 3) throw new Error('gave up');
        }).catch((error: Error) => expect(error.message).toBe('gave up'));
    }),
  );
  const { entries, broken } = await verify(db);
  expect(broken).toBeUndefined();
  expect(entries).toBe(16 * (9 + 6));
  const { rows } = await sql<{ n: number }>`select n from audit order by n`.execute(db);
  expect(rows.map(({ n }) => n)).toEqual(rows.map((_, i) => i + 1));
});

test('nothing can be changed, removed or emptied', async () => {
  for (const statement of [
    "update audit set reason = 'x' where n = 1",
    'update audit set hash = hash where n = 1',
    'delete from audit where n = 1',
    'truncate audit',
  ]) {
    const refused = await sql
      .raw(statement)
      .execute(db)
      .catch((error: unknown) => error);
    expect(refused, statement).toBeInstanceOf(DatabaseError);
    expect(refused, statement).toMatchObject({ code: '42501' });
  }
});

/** Does what the database forbids, as its owner could. */
async function tamper(statement: string): Promise<void> {
  await transaction(db, async (trx) => {
    await sql`alter table audit disable trigger guard_audit`.execute(trx);
    await sql.raw(statement).execute(trx);
    await sql`alter table audit enable trigger guard_audit`.execute(trx);
  });
}

test('tampering with any one entry is found, and which one', async () => {
  const { entries, head } = await verify(db);
  const untouched = 'create table kept as select * from audit';
  await sql.raw(untouched).execute(db);
  const back = async () => {
    await tamper('delete from audit');
    await tamper('insert into audit overriding system value select * from kept');
  };
  await sql`alter table audit disable trigger seal_audit`.execute(db);
  const columns = {
    ...{ at: "at + interval '1 microsecond'", actor: "'another'", actor_name: 'null', roles: "'[]'", address: "'::2'" },
    ...{
      action: "'delete'",
      layer: "'camera'",
      feature: 'coalesce(feature, 0) + 1',
      version: 'coalesce(version, 0) + 1',
    },
    ...{
      before: "'{}'::jsonb || '{\"x\":1}'",
      after: '\'{"x":1}\'',
      reason: "'other'",
      case_id: "'K'",
      request_id: "'q'",
      undoes: '1',
      confirms: '1',
    },
  };
  for (const [i, [column, value]] of Object.entries(columns).entries()) {
    const n = i % 2 === 0 ? 1 + i * 3 : entries - i;
    await tamper(`update audit set ${column} = ${value} where n = ${n}`);
    expect((await verify(db)).broken, column).toMatchObject({ n, why: 'its content was changed' });
    await back();
  }
  await tamper('delete from audit where n = 7');
  expect((await verify(db)).broken).toMatchObject({ n: 7, why: 'the entry is missing' });
  await back();
  await tamper(`delete from audit where n = ${entries}`);
  expect((await verify(db)).broken).toMatchObject({ n: entries });
  await back();
  await tamper("insert into audit (action) values ('edit')");
  expect((await verify(db)).broken).toMatchObject({ n: entries + 1, why: 'an entry stands outside the chain' });
  await back();
  expect(await verify(db)).toEqual({ entries, head });
  await sql`alter table audit enable trigger seal_audit`.execute(db);
  await write('edit');
  expect(await verify(db)).toMatchObject({ entries: entries + 1 });
}, 120_000);

test('the export is the chain with its head', async () => {
  const lines: string[] = [];
  for await (const line of exportTrail(db)) lines.push(line);
  const { entries, head } = await verify(db);
  expect(JSON.parse(lines.at(-1)!)).toEqual({ head, entries });
  const parsed = lines.slice(0, -1).map((line) => JSON.parse(line));
  expect(parsed).toHaveLength(entries);
  for (const [i, entry] of parsed.entries()) {
    expect(entry.n).toBe(i + 1);
    expect(entry.prev_hash).toBe(parsed[i - 1]?.hash ?? '0'.repeat(64));
  }
});
