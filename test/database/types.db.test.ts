import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { db } = connection;

// SQL literal → the JavaScript value both databases must give.
const read: [literal: string, value: unknown][] = [
  ['null::int', null],
  ['42::int2', 42],
  ['42::int4', 42],
  ['9007199254740991::int8', 9007199254740991],
  ['(select sum(x) from (values (1::int4), (2)) as v(x))', 3],
  ['1.5::float4', 1.5],
  ["'NaN'::float8", Number.NaN],
  ["'-infinity'::float8", Number.NEGATIVE_INFINITY],
  ['12345678901234567890.12::numeric', '12345678901234567890.12'],
  ['true', true],
  ["'Kali Bedadung'::text", 'Kali Bedadung'],
  ["'x'::varchar(3)", 'x'],
  ["'6f1e6f0a-7f5c-4c0e-9a63-0f2f3e1f9b11'::uuid", '6f1e6f0a-7f5c-4c0e-9a63-0f2f3e1f9b11'],
  ["'2026-02-28'::date", '2026-02-28'],
  ["'2026-02-28 07:30:00'::timestamp", '2026-02-28 07:30:00'],
  ["'2026-02-28 07:30:00.125+07'::timestamptz", new Date('2026-02-28T00:30:00.125Z')],
  ["'2026-02-28 07:30:00'::timestamptz", new Date('2026-02-28T07:30:00Z')],
  ["'\\x00ff10'::bytea", new Uint8Array([0, 255, 16])],
  ['\'{"a":[1,null,"x"]}\'::jsonb', { a: [1, null, 'x'] }],
  ["'[1]'::json", [1]],
  ['\'"text"\'::jsonb', 'text'],
  ["'null'::jsonb", null],
  ['array[1,2]::int8[]', [1, 2]],
  ["array['a','b c','d\"e']::text[]", ['a', 'b c', 'd"e']],
  ['array[]::int8[]', []],
  ['array[1.5]::float8[]', [1.5]],
  ['to_jsonb(array[1,null])', [1, null]],
  ['count(*)', 1],
  ['st_setsrid(st_makepoint(113.7, -8.17), 4326)', '0101000020E6100000CDCCCCCCCC6C5C40D7A3703D0A5720C0'],
  ['st_asgeojson(st_makepoint(113.5, -8.25))::json', { type: 'Point', coordinates: [113.5, -8.25] }],
  ["current_setting('TimeZone')", 'UTC'],
];

test.each(read)('reads %s', async (literal, value) => {
  const { rows } = await sql.raw(`select ${literal} as value`).execute(db);
  expect(rows).toStrictEqual([{ value }]);
});

// JavaScript value given as a parameter of a type → the text the database holds.
const written: [type: string, value: unknown, text: string | null][] = [
  ['int8', 9007199254740991, '9007199254740991'],
  ['int8', 12345678901234567890n - 12345678901234567000n, '890'],
  ['float8', 0.1, '0.1'],
  ['numeric', '12345678901234567890.12', '12345678901234567890.12'],
  ['boolean', false, 'false'],
  ['text', "O'Brien; drop table x --", "O'Brien; drop table x --"],
  ['text', 'Ḫ 𝒳 \u202e', 'Ḫ 𝒳 \u202e'],
  ['text', null, null],
  ['date', '2026-02-28', '2026-02-28'],
  ['timestamp', '2026-02-28 07:30:00', '2026-02-28 07:30:00'],
  ['timestamptz', new Date('2026-02-28T00:30:00.125Z'), '2026-02-28 00:30:00.125+00'],
  ['jsonb', '{"a": 1}', '{"a": 1}'],
  ['json', '"text"', '"text"'],
  ['bytea', new Uint8Array([0, 255]), '\\x00ff'],
  ['text[]', ['a', 'b c', 'd"e\\'], '{a,"b c","d\\"e\\\\"}'],
  ['int8[]', [1, 2], '{1,2}'],
  ['uuid', '6f1e6f0a-7f5c-4c0e-9a63-0f2f3e1f9b11', '6f1e6f0a-7f5c-4c0e-9a63-0f2f3e1f9b11'],
];

test.each(written)('writes %s %o', async (type, value, text) => {
  const { rows } = await sql`select ${value}::${sql.raw(type)}::text as text`.execute(db);
  expect(rows).toStrictEqual([{ text }]);
});

test('an int8 no number holds is an error, and breaks nothing', async () => {
  await expect(sql`select 9007199254740993::int8`.execute(db)).rejects.toThrow('9007199254740993');
  expect((await sql`select 1 as one`.execute(db)).rows).toStrictEqual([{ one: 1 }]);
});

test('a failed constraint says its name and table', async () => {
  await sql`create table parent_row (id int primary key, size int constraint small check (size < 10))`.execute(db);
  await sql`insert into parent_row values (1, 1)`.execute(db);
  const failure = (statement: string) =>
    sql
      .raw(statement)
      .execute(db)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
  expect(await failure('insert into parent_row values (1, 1)')).toMatchObject({
    name: 'DatabaseError',
    code: '23505',
    constraint: 'parent_row_pkey',
    table: 'parent_row',
  });
  expect(await failure('insert into parent_row values (2, 10)')).toMatchObject({
    code: '23514',
    constraint: 'small',
    table: 'parent_row',
  });
  expect(await failure('insert into parent_row values (null, 1)')).toMatchObject({
    code: '23502',
    column: 'id',
    table: 'parent_row',
  });
  expect(await failure('select * from nowhere')).toMatchObject({ code: '42P01', constraint: undefined });
  expect(await failure('select 1; select 2')).toMatchObject({ code: '42601' });
});
