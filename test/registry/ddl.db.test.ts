import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createLayerTable } from '../../server/database/layer_table.ts';
import { transaction } from '../../server/database/transaction.ts';
import type { Attribute } from '../../server/registry/attribute.ts';
import { columnDefinitions } from '../../server/registry/ddl.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { db } = connection;
const title = { id: 'Judul', en: 'Title' };

test('a table born at run time keeps hostile names, words and limits as they are', async () => {
  const word = "it's '); drop table village; --\\";
  const attributes = new Map<string, Attribute>([
    ['name', { kind: 'text', title, maxLength: 3, required: true }],
    ['user', { kind: 'choice', title, choices: { [word]: title, 'Ä "b"': title } }],
    ['order', { kind: 'integer', title, max: 5 }],
    ['select', { kind: 'number', title, min: 0.5 }],
    ['odd "name"', { kind: 'boolean', title }],
    ['when', { kind: 'date', title }],
  ]);
  await transaction(db, (trx) =>
    createLayerTable(trx, { id: 'born', geometry: 'Point', columns: columnDefinitions(attributes) }),
  );
  const insert = (values: Readonly<Record<string, unknown>>) =>
    sql`insert into born (${sql.join(Object.keys(values).map((key) => sql.ref(key)))})
      values (${sql.join(Object.values(values))})`.execute(db);
  await insert({ name: 'abc', user: word, order: -2147483648, select: 0.5, 'odd "name"': true, when: '2026-11-21' });
  await insert({ name: '', user: 'Ä "b"' });
  const { rows } = await sql`select "user", "order", "select", "odd ""name""", "when" from born order by id`.execute(
    db,
  );
  expect(rows[0]).toEqual({ user: word, order: -2147483648, select: 0.5, 'odd "name"': true, when: '2026-11-21' });

  for (const refused of [
    { name: 'abcd' },
    { name: 'a', user: "it''s" },
    { name: 'a', order: 6 },
    { name: 'a', select: 0.499 },
    { name: 'a', select: Number.NaN },
    { name: 'a', when: '-infinity' },
  ])
    await expect(insert(refused), JSON.stringify(refused)).rejects.toMatchObject({ code: '23514' });
  await expect(insert({ user: word })).rejects.toMatchObject({ code: '23502' });
});
