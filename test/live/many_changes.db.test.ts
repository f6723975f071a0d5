import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { LiveCopy } from '../../server/live/copy.ts';
import { follow } from '../../server/live/follower.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { testDatabase } from '../support/database.ts';
import { picture } from '../support/picture.ts';
import { seededRandom } from '../support/random.ts';

/** How many rows are changed; the embedded database, which is not made for so many, has fewer. */
const { connection } = await testDatabase();
const changes = Number(process.env.MANY_CHANGES ?? (connection.kind === 'server' ? 1_000_000 : 8_000));
const { db } = connection;
const layers = (await layerFiles()).filter(({ id }) => id === 'streetlight' || id === 'shelter');

/** A number from 0 to 1 of a row, another one each round. */
const chance = (round: number, salt: number) =>
  sql`((hashint8(id * 31 + ${round * 977 + salt}::int) & 65535) / 65536.0)`;

test(`after ${changes.toLocaleString('en')} random changes copy, pyramid and a fresh load are identical`, {
  timeout: 3_600_000,
}, async () => {
  const live = new LiveCopy(connection);
  await live.load(layers);
  const follower = await follow(connection, live, pino({ level: 'silent' }));
  const random = seededRandom(6);
  const insert = (id: string, name: string, count: number, round: number) => sql`
    insert into ${sql.table(id)} (${sql.ref(name)}, observed_at, geom)
    select ${`n${round}`} || '-' || id, now() - id * interval '1 second',
      case when ${chance(round, 1)} < 0.98 then st_setsrid(st_makepoint(113.3 + ${chance(round, 2)} * 0.7, -8.5 + ${chance(round, 3)} * 0.5), 4326) end
    from generate_series(1, ${count}::int) as id`;
  let done = 0;
  for (let round = 0; done < changes; round++) {
    const [id, name] = random() < 0.7 ? (['streetlight', 'pole'] as const) : (['shelter', 'name'] as const);
    const table = sql.table(id);
    const part = sql`${chance(round, 4)} < ${random() * 0.2}::float8`;
    const what = random();
    const query =
      what < 0.3 || round < 4
        ? insert(id, name, 200 + Math.floor(random() * 1500), round)
        : what < 0.5
          ? sql`update ${table} set geom = st_setsrid(st_makepoint(113.3 + ${chance(round, 5)} * 0.7, -8.5 + ${chance(round, 6)} * 0.5), 4326) where ${part}`
          : what < 0.7
            ? sql`update ${table} set observed_at = case when ${chance(round, 7)} < 0.9 then now() - ${chance(round, 8)} * interval '9 days' end where ${part}`
            : what < 0.85 && id === 'streetlight'
              ? sql`update streetlight set status = (array['ok', 'reported_out', 'confirmed_out', 'unknown', null])[1 + floor(${chance(round, 9)} * 5)::int] where ${part}`
              : sql`delete from ${table} where ${part}`;
    const { numAffectedRows } = await query.execute(db);
    done += Number(numAffectedRows);
  }
  await follower.catchUp();
  await follower.stop();
  const fresh = new LiveCopy(connection);
  await fresh.load(layers);
  for (const { id } of layers) {
    expect(live.layer(id).size).toBeGreaterThan(100);
    expect(picture(live.layer(id)), id).toEqual(picture(fresh.layer(id)));
  }
  expect(live.position).toBe(fresh.position);
});
