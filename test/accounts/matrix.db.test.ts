import { expect, test } from 'vitest';
import { matrix } from '../../server/accounts/matrix.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { type Role, roles } from '../../server/registry/role.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { insertLawful, randomRow } from '../support/rows.ts';

const { connection } = await testDatabase();
const layers = await layerFiles();
const { parts, complaints } = await testApp(connection);
const rows = matrix(layers);
const agency = 'Dinas A';
const random = seededRandom(11);
const ids = new Map<string, number>();
for (const layer of layers) {
  const point = layer.geometry === 'Point' ? 'SRID=4326;POINT(113.7 -8.17)' : null;
  // A rule over several attributes may refuse some.
  for (let tries = 0; tries < 20 && !ids.has(layer.id); tries++) {
    const given = { ...randomRow(layer, random, point), agency, ...(layer.id === 'complaint' && { secret: false }) };
    const [id] = await insertLawful(connection.db, layer, [given]);
    if (id !== undefined) ids.set(layer.id, id);
  }
}

test('the levels are those of what a role may do, and who only looks does nothing', () => {
  const lookers: readonly Role[] = ['public', 'citizen', 'investor', 'leader', 'auditor', 'data_protection_officer'];
  for (const { layer, level, acts } of rows) {
    for (const role of lookers) expect([null, 'view'], `${role} in ${layer}`).toContain(level[role]);
    for (const { name, roles: may, second } of acts)
      for (const role of lookers) expect([...may, ...(second ?? [])], `${layer}.${name}`).not.toContain(role);
  }
  const of = (id: string) => rows.find(({ layer }) => layer === id)!;
  expect(of('complaint').level).toMatchObject({ field_officer: 'operate', operator: 'configure', leader: 'view' });
  const gauge = of('river_gauge').acts.find(({ name }) => name === 'set_thresholds');
  expect(gauge).toMatchObject({ level: 'operate', title: { id: expect.any(String) } });
  expect(gauge?.second?.length).toBeGreaterThan(0);
});

test.each(roles)('%s does what the matrix says of every layer, and nothing else', async (role) => {
  const door = doorOf(parts, viewerNamed('Orang', { role, agency }));
  for (const { layer, sees, acts } of rows) {
    const path = `/api/layers/${layer}/features`;
    for (const { name, roles: may } of acts) {
      const address = name === 'create' ? path : `${path}/${ids.get(layer)}/${name}`;
      // An input that is none: who may do it is told so, and nothing is done.
      const { status } = await door.post(address, { input: { no_such_field: 1 } }, 1);
      const told = `${role} ${layer}.${name}`;
      if (sees[role] === 'none') expect(status, told).toBe(404);
      else if (name === 'restore')
        expect(status, told).toBe(404); // nothing was deleted
      else if (may.includes(role)) expect([409, 422], told).toContain(status);
      else expect(status, told).toBe(403);
    }
  }
});

test('nothing of it was a fault of the server', () => expect(complaints).toEqual([]));
