import { expect, test } from 'vitest';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';

const { connection } = await testDatabase();
const { app } = await testApp(connection);

test('the description names every public address, and each that needs nothing answers', async () => {
  const response = await app.request('/api/openapi.json');
  expect(response.status).toBe(200);
  const { openapi, paths } = await response.json();
  expect(openapi).toMatch(/^3\.1/);
  const wanted = [
    '/api/layers',
    '/api/search',
    '/api/ingest/{layer}',
    '/events',
    '/tiles/{layers}/{z}/{x}/{y}',
    '/health/ready',
  ];
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(wanted));
  const answers = {
    '{layers}': 'camera',
    '{layer}': 'camera',
    '{z}': '1',
    '{x}': '1',
    '{y}': '1',
    '{id}': '1',
    '{file}': 'camera.json',
  };
  for (const path of Object.keys(paths)) {
    if (!paths[path].get || path === '/events') continue;
    const url = Object.entries(answers).reduce((text, [name, value]) => text.replace(name, value), path);
    expect((await app.request(`${url}?q=a`)).status, url).not.toBe(500);
  }
});

test('each address is one that a client can fill in, with its parameters and what it answers', async () => {
  const { paths } = await (await app.request('/api/openapi.json')).json();
  for (const [path, operations] of Object.entries<object>(paths)) {
    expect(path).toMatch(/^(\/([^{}/]+|\{\w+\}))+$/);
    for (const [method, operation] of Object.entries(operations)) {
      const { summary, parameters = [], responses } = operation;
      const inPath = parameters
        .filter((each: { in: string }) => each.in === 'path')
        .map(({ name }: { name: string }) => name);
      expect(inPath.toSorted(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted());
      expect(summary, path).toBeTruthy();
      expect(Object.keys(responses), `${method} ${path}`).toEqual(
        expect.arrayContaining([expect.stringMatching(/^2/), 'default']),
      );
    }
  }
});

test('what is counted of requests is counted by their route', async () => {
  await app.request('/tiles/camera/1/1/0');
  await app.request('/tiles/camera.json');
  await app.request('/ogc/collections/camera/items');
  await app.request('/api/nothing');
  const text = await (await app.request('/metrics')).text();
  const routes = new Set([...text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
  expect([...routes]).toEqual(
    expect.arrayContaining(['/tiles/:layers/:z/:x/:y', '/tiles/:file', '/ogc/collections/:id/items']),
  );
});

test('the page of the interface is whole without any network', async () => {
  const page = await (await app.request('/api/docs')).text();
  const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) expect((await app.request(part)).status, part).toBe(200);
});
