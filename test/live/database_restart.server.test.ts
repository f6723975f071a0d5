import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Connection, connect } from '../../server/database/connect.ts';
import { type Heard, Picture } from '../support/events.ts';
import { privatePostgresTests } from '../support/private_postgres.ts';
import { seededRandom } from '../support/random.ts';
import { expectWhole, loggedOf, returningPage } from '../support/returning_page.ts';
import { ingestKey, serverProcess } from '../support/server_process.ts';

const test = await privatePostgresTests();
const gauges = 60;

interface Reading {
  readonly code: string;
  readonly observed_at: string;
  readonly level_cm: number;
}

/** Posts readings one batch after the other until told to stop; of each batch, whether it was acknowledged. */
function posting(url: string, say: () => Reading) {
  const batches: { readonly readings: readonly Reading[]; readonly status: number; readonly accepted: number }[] = [];
  let isOver = false;
  const done = (async () => {
    while (!isOver) {
      const readings = Array.from({ length: 20 }, say);
      const answer = await fetch(`${url}/api/ingest/river_gauge`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ingestKey}` },
        body: JSON.stringify(readings),
      });
      const { accepted } = await answer.json();
      batches.push({ readings, status: answer.status, accepted: answer.ok ? accepted : 0 });
      await wait(5);
    }
  })();
  return {
    batches,
    acknowledged: () => batches.flatMap(({ readings, accepted }) => (accepted === readings.length ? readings : [])),
    async stop() {
      isOver = true;
      await done;
    },
  };
}

test(
  'PostgreSQL restarts under load: what was acknowledged is there, and nobody misses an event or hears it twice',
  240_000,
  async (postgres) => {
    const server = await serverProcess(postgres.databaseUrl);
    await server.start();
    let connection: Connection | undefined;
    try {
      connection = await connect({ databaseUrl: postgres.databaseUrl, dataDir: '' });
      await sql`insert into river_gauge (code, name) select 'PDA-' || n, 'Pos' from generate_series(1, ${gauges}::int) as n`.execute(
        connection.db,
      );
      await connection.close();
      const random = seededRandom(21);
      let clock = Date.now() - 3_600_000;
      const say = (): Reading => ({
        code: `PDA-${1 + Math.floor(random() * gauges)}`,
        observed_at: new Date(clock++).toISOString(),
        level_cm: Math.floor(random() * 400),
      });
      const state = `${server.url}/api/layers/river_gauge/state`;
      let first = await new Picture().load(state);
      while (first.features.size < gauges) first = await new Picture().load(state); // the copy follows
      const stream = `${server.url}/events?layers=river_gauge`;
      const pages = Array.from({ length: 6 }, () => returningPage(stream, first.position));
      const senders = [1, 2, 3].map(() => posting(server.url, say));
      const acknowledged = () => senders.flatMap((sender) => sender.acknowledged());
      for (const how of ['immediate', 'fast', 'immediate'] as const) {
        const before = acknowledged().length;
        while (acknowledged().length < before + 200) await wait(20); // in full use, however slow the machine is
        await wait(random() * 500);
        await postgres.restart(how);
      }
      const before = acknowledged().length;
      while (acknowledged().length < before + 200) await wait(20); // and again after the last
      for (const sender of senders) await sender.stop();

      // Everybody was answered: with a receipt, or clearly that it is to be sent again.
      const statuses = new Set(senders.flatMap(({ batches }) => batches.map(({ status }) => status)));
      expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
      expect(statuses).toContain(503);

      connection = await connect({ databaseUrl: postgres.databaseUrl, dataDir: '' });
      const { rows } = await sql<{ code: string; observed_at: Date; level_cm: number }>`
      select code, there.observed_at, there.level_cm
      from river_gauge_series as there join river_gauge as of on of.id = feature`.execute(connection.db);
      const kept = new Map(rows.map((row) => [`${row.code} ${row.observed_at.toISOString()}`, row.level_cm]));
      const key = ({ code, observed_at }: Reading) => `${code} ${observed_at}`;
      expect(acknowledged().filter((reading) => kept.get(key(reading)) !== reading.level_cm)).toEqual([]);
      for (const { readings } of senders.flatMap(({ batches }) => batches))
        expect([0, readings.length]).toContain(readings.filter((reading) => kept.has(key(reading))).length);

      const { rows: added } = await sql<{ id: number }>`
      insert into river_gauge (code, name) values ('PDA-last', 'Pos terakhir') returning id`.execute(connection.db);
      const isLast = ({ event, data }: Heard) =>
        event === 'change' && data.features.some(({ id }: { id: number }) => id === added[0]!.id);
      await Promise.all(pages.map((page) => page.end(isLast)));
      const last = await new Picture().load(state);
      const logged = await loggedOf(connection, 'river_gauge');
      for (const { heard } of pages) expectWhole(heard, { logged, first, last });
      // The copy in memory is what the tables hold.
      const { rows: tables } = await sql<{ id: number; level: number | null }>`
      select id, level_cm as level from river_gauge order by id`.execute(connection.db);
      const shown = [...last.features].map(([id, { properties }]) => ({ id, level: levelOf(properties) }));
      expect(shown.toSorted((a, b) => a.id - b.id)).toEqual(tables);
    } finally {
      await connection?.close().catch(() => {});
      await server.kill('SIGTERM');
    }
  },
);

const levelOf = (properties: object) => ('level_cm' in properties ? properties.level_cm : null);
