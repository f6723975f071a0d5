import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createKey, type NewKey } from '../../server/accounts/keys_admin.ts';
import { transaction } from '../../server/database/transaction.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { client, person, signedIn } from '../support/people.ts';

/** Programs that keep their agency's features by OGC API – Features, Part 4, with a key. */
const { connection } = await testDatabase();
const { db } = connection;
const served = await testApp(connection, { ROLE: 'public' });
const { app, complaints } = served;
const base: NewKey = {
  ...{ name: 'SIM Posko', agency: 'BPBD', doors: ['read', 'write'], layers: ['shelter'], role: 'agency_operator' },
};
const program = async (key: Partial<NewKey> = {}) => {
  const made = await transaction(db, (trx) => createKey(trx, { viewer: visitor('admin') }, { ...base, ...key }));
  const Authorization = `Bearer ${made.key}`;
  const ask = (method: string, path: string, body?: object, version?: number) =>
    client(app).ask(method, path, body, {
      Authorization,
      ...(version !== undefined && { 'If-Match': `"${version}"` }),
      // A page of another site that knew the key would need no cookie.
      Origin: 'https://sim.example',
    });
  return { ...made, ask };
};
const items = '/ogc/collections/shelter/items';
const feature = (properties: object, lon = 113.7) => ({
  ...{ type: 'Feature', properties },
  geometry: { type: 'Point', coordinates: [lon, -8.17] },
});

test('a key with the door adds, replaces, changes and deletes its agency’s features, under its name', async () => {
  const { ask, id: number } = await program();
  const made = await ask('POST', items, feature({ name: 'Balai' }));
  expect(made.status, await made.clone().text()).toBe(201);
  const item = new URL(made.headers.get('Location')!, 'http://localhost').pathname;
  expect((await (await ask('GET', item)).json()).properties).toMatchObject({
    name: 'Balai',
    agency: 'BPBD',
    version: 1,
  });
  expect((await ask('PATCH', item, { properties: { name: 'Balai Desa' } }, 1)).status).toBe(204);
  expect((await ask('PATCH', item, { properties: { name: 'Lain' } }, 1)).status).toBe(412);
  expect((await ask('PUT', item, feature({ name: 'Balai', agency: 'BPBD' }), 2)).status).toBe(204);
  expect((await ask('DELETE', `${item}?reason=Ditutup`, undefined, 3)).status).toBe(204);
  const { rows } =
    await sql`select action, actor, actor_name, roles from audit where layer = 'shelter' order by id`.execute(db);
  const by = { actor: `key:${number}`, actor_name: 'SIM Posko', roles: ['agency_operator'] };
  expect(rows).toEqual(['create', 'edit', 'edit', 'delete'].map((action) => ({ action, ...by })));
});

test('it reaches nothing of another agency, no other layer, no act and nothing beyond its role', async () => {
  const add = async (agency: string) =>
    (await sql<{ id: number }>`insert into shelter (name, agency) values ('Posko', ${agency}) returning id`.execute(db))
      .rows[0]!.id;
  const [own, others] = [await add('BPBD'), await add('Dishub')];
  const { ask } = await program();
  const patch = (id: number, properties: object) => ask('PATCH', `${items}/${id}`, { properties }, 1);
  expect((await patch(others, { name: 'x' })).status).toBe(403);
  expect((await patch(own, { agency: 'Dishub' })).status, 'handed over').toBe(403);
  expect((await ask('POST', items, feature({ name: 'x', agency: 'Dishub' }))).status).toBe(403);
  expect((await ask('POST', '/ogc/collections/siren/items', feature({ name: 'x' }))).status).toBe(404);
  for (const path of [`/api/layers/shelter/features/${own}/edit`, `/api/layers/shelter/features/${own}/open`])
    expect((await ask('POST', path, { input: { name: 'x' } }, 1)).status, path).toBe(403);
  expect((await ask('POST', '/api/admin/people', { email: 'x@jember.test', name: 'x' })).status).toBe(403);
  for (const less of [
    { doors: ['read'] },
    { doors: ['http', 'mqtt'] },
    { role: 'leader' },
    { role: 'public' },
  ] as const)
    expect(
      (await (await program(less)).ask('PATCH', `${items}/${own}`, { properties: { name: 'x' } }, 1)).status,
      JSON.stringify(less),
    ).toBe(403);
  const { rows } = await sql`select version from shelter where id in (${own}, ${others})`.execute(db);
  expect(rows).toEqual([{ version: 1 }, { version: 1 }]);
});

test('such a key names its layers and its role, and ends like any', async () => {
  await person(served, 'admin@jember.test', { role: 'admin' });
  const admin = await signedIn(app, 'admin@jember.test');
  const bare = { name: 'x', agency: 'BPBD', doors: ['write'] };
  const refused = await admin.ask('POST', '/api/admin/keys', bare);
  expect(refused.status).toBe(422);
  expect((await refused.json()).errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    '#/layers',
    '#/role',
  ]);
  const full = { ...bare, layers: ['shelter'], role: 'agency_operator' };
  const { id, key } = await (await admin.ask('POST', '/api/admin/keys', full)).json();
  const ask = () => client(app).ask('POST', items, feature({ name: 'Baru' }), { Authorization: `Bearer ${key}` });
  expect((await ask()).status).toBe(201);
  expect((await admin.ask('DELETE', `/api/admin/keys/${id}`)).status).toBe(204);
  expect((await ask()).status).toBe(401);
  expect(complaints).toEqual([]);
});
