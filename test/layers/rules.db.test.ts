import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { attributesOf } from '../../server/registry/layer.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();

test('each check that no attribute implies is said in words in its layer file', async () => {
  for (const layer of await layerFiles()) {
    const { rows } = await sql<{ name: string }>`select conname as name from pg_constraint
      where contype = 'c' and conrelid = ${`"${layer.id}"`}::regclass order by conname`.execute(connection.db);
    const implied = ['geom_valid', 'geom_lon_lat', ...[...attributesOf(layer).keys()].map((key) => `${key}_check`)];
    const others = rows.map(({ name }) => name).filter((name) => !implied.includes(name.slice(layer.id.length + 1)));
    expect({ layer: layer.id, rules: Object.keys(layer.rules ?? {}) }).toEqual({ layer: layer.id, rules: others });
  }
});
