import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { startChild } from '../support/child.ts';
import { testLocation } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';

const location = await testLocation();
const server = new URL('../support/serve_doors.ts', import.meta.url);
const batchRows = 50;

interface Said {
  readonly code: string;
  readonly observed_at: string;
  readonly level_cm: number;
}

test('killed at any moment under load, it has everything it acknowledged, and nothing by half', {
  timeout: 240_000,
}, async () => {
  const setup = await connect(location);
  await sql`insert into river_gauge (code, name) select 'PDA-' || n, 'Pos' from generate_series(0, 99) as n`.execute(
    setup.db,
  );
  await setup.close();

  const random = seededRandom(11);
  const batches: { readonly rows: readonly Said[]; acknowledged: boolean }[] = [];
  const messages: { readonly row: Said; acknowledged: boolean }[] = [];
  let clock = Date.now() - 3_600_000;
  const say = (): Said => ({
    code: `PDA-${Math.floor(random() * 100)}`,
    observed_at: new Date(clock++).toISOString(),
    level_cm: Math.floor(random() * 400),
  });

  // Opening the embedded database again and again is what takes time there.
  for (let round = 0; round < (location.databaseUrl ? 4 : 2); round++) {
    const child = startChild(server, [location.databaseUrl ?? location.dataDir]);
    const [, http, broker] = (await child.line(/^open/)).split(' ');
    let alive = true;
    const byHttp = async () => {
      while (alive) {
        const batch = { rows: Array.from({ length: batchRows }, say), acknowledged: false };
        batches.push(batch);
        const answer = await fetch(`http://127.0.0.1:${http}/api/ingest/river_gauge`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(batch.rows),
        })
          .then((response) => response.json())
          .catch(() => undefined); // cut off: nothing was acknowledged
        if (answer) batch.acknowledged = answer.accepted === batchRows;
      }
    };
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker}`, { protocolVersion: 4, reconnectPeriod: 0 });
    client.on('error', () => {});
    // A message under way when the connection goes would wait for one that never comes.
    const cut = new Promise<never>((_, fail) => client.once('close', () => fail(new Error('cut off'))));
    cut.catch(() => {}); // nobody may be sending just then
    const byMqtt = async () => {
      while (alive && client.connected) {
        const message = { row: say(), acknowledged: false };
        messages.push(message);
        const { code, ...row } = message.row;
        const sent = client.publishAsync(`pendopo/river_gauge/${code}`, JSON.stringify(row), { qos: 1 });
        await Promise.race([sent, cut]).then(
          () => {
            message.acknowledged = true;
          },
          () => {},
        );
      }
    };
    const before = [acknowledgedOf(batches), acknowledgedOf(messages)] as const;
    const senders = [byHttp(), byHttp(), byHttp(), byMqtt(), byMqtt()];
    // Both doors are in use, however slow the machine is; then at any moment.
    while (acknowledgedOf(batches) < before[0] + 3 || acknowledgedOf(messages) < before[1] + 3) await wait(20);
    await wait(random() * 1200);
    await child.kill();
    alive = false;
    client.end(true);
    await Promise.all(senders);
  }

  const acknowledged = [
    ...batches.filter((batch) => batch.acknowledged).flatMap(({ rows }) => rows),
    ...messages.filter((message) => message.acknowledged).map(({ row }) => row),
  ];
  // Three of each in each of two rounds at least.
  expect(acknowledgedOf(batches)).toBeGreaterThan(5);
  expect(acknowledgedOf(messages)).toBeGreaterThan(5);
  const { db, close } = await connect(location);
  const { rows } = await sql<Said & { observed_at: Date; shown: number; newest: Date }>`
    select code, there.observed_at, there.level_cm, of.level_cm as shown, of.observed_at as newest
    from river_gauge_series as there join river_gauge as of on of.id = feature`.execute(db);
  const kept = new Map(rows.map((row) => [`${row.code} ${row.observed_at.toISOString()}`, row.level_cm]));
  const key = (row: Said) => `${row.code} ${row.observed_at}`;
  expect(acknowledged.filter((row) => kept.get(key(row)) !== row.level_cm)).toEqual([]);
  for (const batch of batches) {
    const there = batch.rows.filter((row) => kept.has(key(row))).length;
    expect([0, batchRows]).toContain(there);
  }
  // What is shown is the newest of what is kept.
  const last = new Map(rows.toSorted((a, b) => +a.observed_at - +b.observed_at).map((row) => [row.code, row]));
  for (const { level_cm, shown, observed_at, newest } of last.values())
    expect([shown, newest]).toEqual([level_cm, observed_at]);
  await close();
});

function acknowledgedOf(sent: readonly { readonly acknowledged: boolean }[]): number {
  return sent.filter(({ acknowledged }) => acknowledged).length;
}
