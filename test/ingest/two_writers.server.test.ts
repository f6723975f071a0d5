import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { transaction } from '../../server/database/transaction.ts';
import { testApp } from '../support/app.ts';
import { startChild } from '../support/child.ts';
import { testLocation } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { rateFromSeries } from '../support/rate_from_series.ts';

/** Two processes that are told of the same gauges at the same time, while people edit them. */
const location = await testLocation();
const connection = await connect(location);
afterAll(() => connection.close());
const { db } = connection;
const { app, complaints } = await testApp(connection);

const minuteMs = 60_000;
const stepMs = 10 * minuteMs;
const hour = Math.floor(Date.now() / stepMs) * stepMs - 12 * stepMs;
const codes = Array.from({ length: 6 }, (_, n) => `PDA-${n}`);
await sql`insert into river_gauge (code, name, travel_min) select code, 'Pos', 0 from unnest(${codes}::text[]) as code`.execute(
  db,
);

interface Said {
  readonly code: string;
  readonly observed_at: string;
  readonly level_cm: number;
}
type Door = (said: readonly Said[]) => Promise<unknown>;
const asked = (said: readonly Said[]) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(said),
});
const here: Door = async (said) => (await app.request('/api/ingest/river_gauge', asked(said))).json();
const accepted = (count: number) => ({ accepted: count, known: 0, suspect: 0, rejected: [] });
const at = (minutes: number) => new Date(hour + minutes * minuteMs).toISOString();

test('a late reading that another process is about to commit counts with the one that waits for it', async () => {
  const level = (minutes: number) => [{ code: 'late', observed_at: at(minutes), level_cm: minutes }];
  await sql`insert into river_gauge (code, name) values ('late', 'Pos')`.execute(db);
  for (const minutes of [0, 1, 20, 21]) expect(await here(level(minutes))).toEqual(accepted(1));
  const waiting = await transaction(db, async (trx) => {
    // As another process does it: the row is locked, and stays as it is.
    const { rows } = await sql<{
      id: number;
    }>`select id from river_gauge where code = 'late' for no key update`.execute(trx);
    await sql`insert into river_gauge_series (feature, observed_at, level_cm) values (${rows[0]!.id}, ${at(10)}, 10)`.execute(
      trx,
    );
    await sql`insert into series_late as there (layer, n) values ('river_gauge', 1)
      on conflict (layer) do update set n = there.n + 1`.execute(trx);
    const answer = here(level(40));
    for (;;) {
      const { rows: held } = await sql`select 1 from pg_locks where not granted and pid <> pg_backend_pid()
        and pid in (select pid from pg_stat_activity where datname = current_database())`.execute(trx);
      if (held.length > 0) break;
      await wait(10);
    }
    return { answer };
  });
  expect(await waiting.answer).toEqual(accepted(1));
  const { rows } = await sql`select rate_cm_h, trend, level_cm from river_gauge where code = 'late'`.execute(db);
  expect(rows).toEqual([{ rate_cm_h: 60, trend: 'rising', level_cm: 40 }]);
});

test('everything said is kept once, rows show the newest, and no edit is lost', { timeout: 120_000 }, async () => {
  const child = startChild(new URL('../support/serve_doors.ts', import.meta.url), [location.databaseUrl!]);
  const [, port] = (await child.line(/^open/)).split(' ');
  const there: Door = async (said) =>
    (await fetch(`http://127.0.0.1:${port}/api/ingest/river_gauge`, asked(said))).json();

  const all: Said[] = [];
  const random = seededRandom(5);
  /** Each moment once; mostly the present, so that what is remembered counts, and some of it late. */
  const say = (minute: number): Said => {
    const late = random() < 0.03 ? Math.floor(random() * 50) : 0;
    const said = {
      code: codes[Math.floor(random() * codes.length)]!,
      observed_at: new Date(hour + (minute - late) * minuteMs + all.length).toISOString(),
      level_cm: Math.round(random() * 400),
    };
    all.push(said);
    return said;
  };
  let isOver = false;
  const edits = new Map(codes.map((code) => [code, 0]));
  const people = (async () => {
    while (!isOver) {
      const code = codes[Math.floor(random() * codes.length)]!;
      await sql`update river_gauge set travel_min = travel_min + 1 where code = ${code}`.execute(db);
      edits.set(code, edits.get(code)! + 1);
      await wait(random() * 5);
    }
  })();
  const sender = async (doors: readonly Door[]) => {
    for (let minute = 0; minute < 100; minute++) {
      const said = Array.from({ length: 1 + Math.floor(random() * 3) }, () => say(minute));
      // At times one door alone is spoken to, so that it finds things as it left them.
      expect(await doors[Math.floor(minute / 10) % doors.length]!(said)).toEqual(accepted(said.length));
    }
  };
  await Promise.all([sender([here, there]), sender([there, here]), sender([here]), sender([here, here, here, there])]);
  isOver = true;
  await people;
  await child.kill();

  const { rows: kept } = await sql<Said & { observed_at: Date }>`
    select code, there.observed_at, there.level_cm from river_gauge_series as there join river_gauge as of on of.id = feature
    where code = any(${codes})`.execute(db);
  const text = ({ code, observed_at, level_cm }: Said) => `${code} ${new Date(observed_at).toISOString()} ${level_cm}`;
  expect(kept.map(text).sort()).toEqual(all.map(text).sort());
  const { rows } = await sql<{
    code: string;
    shown: Said;
    edits: number;
    changes: number;
    logged: number;
    rate: number | null;
  }>`
    select code, level_cm, observed_at, travel_min as edits, rate_cm_h as rate, version - 1 as changes,
      (select count(*) from change where layer = 'river_gauge' and op = 'update' and of.id = any(ids)) as logged
    from river_gauge as of where code = any(${codes})`.execute(db);
  for (const row of rows) {
    const newest = all
      .filter(({ code }) => code === row.code)
      .toSorted((a, b) => (a.observed_at < b.observed_at ? 1 : -1))[0]!;
    expect(row, row.code).toMatchObject({
      level_cm: newest.level_cm,
      observed_at: new Date(newest.observed_at),
      edits: edits.get(row.code),
      logged: row.changes,
      rate: await rateFromSeries(db, row.code),
    });
  }
  expect(rows).toHaveLength(codes.length);
  expect(complaints).toEqual([]);
});
