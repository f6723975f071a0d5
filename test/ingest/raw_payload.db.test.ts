import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { config } from '../../server/config.ts';
import { keepPartitions } from '../../server/database/partitions.ts';
import { takeMessage } from '../../server/ingest/messages.ts';
import { flushRawPayloads, keepRawPayload, lostRawPayloads, rawPayloadDays } from '../../server/ingest/raw_payload.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

/** What devices sent, as they sent it. */
const { connection } = await testDatabase();
const { db } = connection;
const all = await testApp(connection, { RAW_PAYLOADS: 'all' });
const some = await testApp(connection);
const none = await testApp(connection, { RAW_PAYLOADS: 'none' });
await sql`insert into river_gauge (code, name) values ('PDA-1', 'Pos')`.execute(db);

interface Kept {
  readonly door: string;
  readonly address: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly size: number;
  readonly body: Uint8Array;
}
async function kept(): Promise<(Omit<Kept, 'body'> & { readonly text: string })[]> {
  await flushRawPayloads(connection);
  const { rows } = await sql<Kept>`
    select door, address, outcome, reason, size, body from raw_payload order by received_at`.execute(db);
  return rows.map(({ body, ...row }) => ({ ...row, text: new TextDecoder().decode(body) }));
}
const post = ({ app }: typeof all, body: string) =>
  app.request('/api/ingest/river_gauge', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
const reading = (minute: number, level: unknown, code = 'PDA-1') =>
  JSON.stringify({ code, observed_at: new Date(Date.now() - minute * 60_000).toISOString(), level_cm: level });

afterEach(async () => {
  await flushRawPayloads(connection);
  await sql`delete from raw_payload`.execute(db);
});

test('by default what was rejected or is suspect is kept as it came, with the reason; nothing else', async () => {
  const bad = reading(5, 100, 'PDA-9');
  const suspect = reading(4, 1e6);
  for (const body of [reading(6, 100), bad, suspect, '{"code":']) await post(some, body);
  const path = '/api/ingest/river_gauge';
  expect(await kept()).toEqual([
    {
      ...{ door: 'http', address: path, outcome: 'rejected', size: bad.length, text: bad },
      reason: "PDA-9: there is no river_gauge with the code 'PDA-9'",
    },
    { door: 'http', address: path, outcome: 'suspect', reason: null, size: suspect.length, text: suspect },
    {
      ...{ door: 'http', address: path, outcome: 'rejected', size: 8, text: '{"code":' },
      reason: expect.stringContaining('The body cannot be read'),
    },
  ]);
});

test('all of it, or none', async () => {
  await post(all, reading(3, 101));
  expect(await kept()).toMatchObject([{ outcome: 'accepted', reason: null }]);
  await post(none, reading(2, 1, 'PDA-9'));
  expect(await kept()).toHaveLength(1);
});

test('over MQTT too, whatever bytes they are', async () => {
  const bytes = new Uint8Array([0, 255, 123, 34]);
  await takeMessage(some.parts, 'pendopo/river_gauge/PDA-1', bytes);
  await takeMessage(some.parts, 'pendopo/river_gauge/PDA-1', new TextEncoder().encode('{"level_cm":"tinggi"}'));
  await flushRawPayloads(connection);
  const { rows } = await sql<Kept>`select * from raw_payload order by received_at`.execute(db);
  expect(rows).toMatchObject([
    { door: 'mqtt', address: 'pendopo/river_gauge/PDA-1', outcome: 'rejected', body: bytes },
    { door: 'mqtt', outcome: 'rejected', size: 21 },
  ]);
});

test('of a very long one the beginning is kept, and how long it was', async () => {
  const bytes = new Uint8Array(3_000_000).fill(0x61);
  const payload = { receivedAt: new Date(), door: 'http', address: 'a\0b', outcome: 'rejected', bytes } as const;
  keepRawPayload(connection, payload);
  expect(await kept()).toMatchObject([{ address: 'ab', size: 3_000_000, text: 'a'.repeat(2 ** 20) }]);
});

test('what the database cannot keep up with is counted, not piled up', async () => {
  const bytes = new Uint8Array(2 ** 20);
  const payload = { receivedAt: new Date(), door: 'http', address: '/', outcome: 'accepted', bytes } as const;
  const before = lostRawPayloads(connection);
  for (let i = 0; i < 40; i++) keepRawPayload(connection, payload);
  const lost = lostRawPayloads(connection) - before;
  expect(lost).toBeGreaterThan(0);
  expect(await kept()).toHaveLength(40 - lost);
});

test('a day leaves by dropping its partition after 30 days', async () => {
  const at = (days: number) => new Date(Date.now() - days * 86_400_000);
  const payload = { door: 'http', address: '/', outcome: 'rejected', bytes: new Uint8Array() } as const;
  for (const days of [0, 29, 33]) keepRawPayload(connection, { ...payload, receivedAt: at(days) });
  await flushRawPayloads(connection);
  await keepPartitions(db, rawPayloadDays);
  expect(await kept()).toHaveLength(2);
  const { rows } = await sql<{ name: string }>`select tableoid::regclass::text as name from raw_payload`.execute(db);
  expect(rows.map(({ name }) => name).toSorted()).toEqual(
    [29, 0].map((days) => `raw_payload_${at(days).toISOString().slice(0, 10).replaceAll('-', '')}`),
  );
  const { rows: partitions } = await sql<{ n: number }>`
    select count(*)::int as n from pg_inherits where inhparent = 'raw_payload'::regclass`.execute(db);
  expect(partitions).toEqual([{ n: 5 }]); // the rest, 29 days ago, today and two ahead
});

test('the switch is a word that is one', () => {
  expect(config({}).RAW_PAYLOADS).toBe('rejected');
  expect(() => config({ RAW_PAYLOADS: 'yes' })).toThrow(/RAW_PAYLOADS/);
  expect(() => config({ FORECAST_AREAS: '35.09' })).toThrow(/FORECAST_AREAS/);
});
