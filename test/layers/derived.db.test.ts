import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';

/** What the database itself works out from a row, so that no writer can get it wrong. */
const { connection } = await testDatabase();
const { db } = connection;

async function derived(table: string, values: Readonly<Record<string, string | number | null>>, column: string) {
  const { rows } = await sql<{ value: unknown }>`
    insert into ${sql.table(table)} (name, ${sql.join(Object.keys(values).map((key) => sql.ref(key)))})
    values ('x', ${sql.join(Object.values(values))}) returning ${sql.ref(column)} as value`.execute(db);
  return rows[0]?.value;
}

describe('river_gauge.siaga: 1 is the worst', () => {
  const thresholds = { siaga1_cm: 250, siaga2_cm: 200, siaga3_cm: 170 };
  const siaga = (level_cm: number | null, others: Readonly<Record<string, string | number | null>> = {}) =>
    derived('river_gauge', { level_cm, ...thresholds, ...others }, 'siaga');

  test.each([
    ['zero_level', 0, '4'],
    ['below_datum', -40, '4'],
    ['just_below', 169.999, '4'],
    ['at_siaga3', 170, '3'],
    ['at_siaga2', 200, '2'],
    ['at_siaga1', 250, '1'],
    ['above_all', 900, '1'],
  ])('%s', async (_, level, expected) => {
    expect(await siaga(level)).toBe(expected);
    expect(await siaga(level, { threshold_operator: 'at_or_above' })).toBe(expected);
  });

  test.each([
    ['at_siaga3', 170, '4'],
    ['just_above_siaga3', 170.001, '3'],
    ['at_siaga2', 200, '3'],
    ['at_siaga1', 250, '2'],
    ['just_above_siaga1', 250.001, '1'],
  ])('%s, where the station says "above"', async (_, level, expected) => {
    expect(await siaga(level, { threshold_operator: 'above' })).toBe(expected);
  });

  test('severity says the same in words, and nobody took note until somebody did', async () => {
    const both = async (level_cm: number, ack_siaga: string | null, others = {}) => [
      await derived('river_gauge', { level_cm, ...thresholds, ack_siaga, ...others }, 'severity'),
      await derived('river_gauge', { level_cm, ...thresholds, ack_siaga, ...others }, 'alert_state'),
    ];
    expect(await both(0, null)).toEqual(['none', 'cleared']);
    expect(await both(170, null)).toEqual(['moderate', 'new']);
    expect(await both(170, null, { threshold_operator: 'above' })).toEqual(['none', 'cleared']);
    expect(await both(170, '3')).toEqual(['moderate', 'acknowledged']);
    expect(await both(200, '3'), 'worse than what was acknowledged').toEqual(['severe', 'new']);
    expect(await both(170, '2'), 'better').toEqual(['moderate', 'acknowledged']);
    expect(await both(250, '1')).toEqual(['extreme', 'acknowledged']);
    expect(await both(100, '1', { siaga3_cm: null })).toEqual([null, null]);
  });

  test('no_reading and unknown_threshold are not normal', async () => {
    expect(await siaga(null)).toBeNull();
    for (const missing of Object.keys(thresholds)) expect(await siaga(100, { [missing]: null })).toBeNull();
  });

  test('thresholds_upside_down are refused', async () => {
    await expect(siaga(100, { siaga1_cm: 170, siaga3_cm: 250 })).rejects.toMatchObject({ code: '23514' });
  });
});

describe('hospital.beds_free', () => {
  test('is the sum of the classes that were reported', async () => {
    expect(await derived('hospital', { class3_free: 4, icu_free: 1, other_free: 0 }, 'beds_free')).toBe(5);
  });
  test('zero_beds is a count, no report is not', async () => {
    expect(await derived('hospital', { class3_free: 0 }, 'beds_free')).toBe(0);
    expect(await derived('hospital', { beds_total: 423 }, 'beds_free')).toBeNull();
  });
});

describe('village, from its Kemendagri code', () => {
  test.each([
    ['35.09.19.1006', 'kelurahan'],
    ['35.09.01.2001', 'desa'],
  ])('%s is a %s', async (code, kind) => {
    expect(await derived('village', { code }, 'kind')).toBe(kind);
  });
  test('belongs to its district', async () => {
    expect(await derived('village', { code: '35.09.01.2002' }, 'district_code')).toBe('35.09.01');
  });
  test('has a code of the right form', async () => {
    await expect(derived('village', { code: '3509012002' }, 'kind')).rejects.toMatchObject({ code: '23514' });
    await expect(derived('district', { code: '35.09.01.2001' }, 'name')).rejects.toMatchObject({ code: '23514' });
  });
});

test('a statement on a tsunami alarms as long as it is not past', async () => {
  const quake = (members: object) => derived('quake', { magnitude: 6.4, tsunami: 'yes', ...members }, 'strength');
  expect(await quake({})).toBe('tsunami');
  expect(await quake({ past: true })).toBe('strong');
  expect(await quake({ tsunami: 'no' })).toBe('strong');
});

test('a siren that cannot report back is never verified', async () => {
  const insert = (confirms: boolean) =>
    sql`insert into siren (name, confirms, verified) values ('x', ${confirms}, 'verified')`.execute(db);
  await insert(true);
  await expect(insert(false)).rejects.toMatchObject({ code: '23514' });
});
