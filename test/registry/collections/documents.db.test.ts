import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Link } from '../../../server/registry/collections/links.ts';
import type { TestApp } from '../../support/app.ts';
import { testDatabase } from '../../support/database.ts';
import { seededRandom } from '../../support/random.ts';
import { realData, realTest } from '../../support/real_data.ts';
import { insertRows, randomRow } from '../../support/rows.ts';
import { items, json, linkOf, ogc, ogcApp } from './support.ts';

const { connection } = await testDatabase();
let site: TestApp;
beforeAll(async () => {
  site = await ogcApp(connection, 12);
});

const get = (path: string, headers: Record<string, string> = {}) => site.app.request(path, { headers });

/** Every document there is, one of each kind for a collection. */
async function documents(): Promise<string[]> {
  const { features } = await items(site.app, 'camera', { limit: '1' });
  const camera = `${ogc}/collections/camera`;
  const own = ['', '/queryables', '/schema', '/items', `/items/${features[0]!.id}`].map((path) => camera + path);
  return [ogc, `${ogc}/`, `${ogc}/conformance`, `${ogc}/api`, `${ogc}/collections`, ...own];
}

describe('every document', () => {
  test('is JSON by default and HTML for a browser or by f, in two languages', async () => {
    for (const path of await documents()) {
      const plain = await get(path);
      expect(plain.headers.get('Content-Type'), path).toMatch(/^application\/([\w.+-]+\+)?json/);
      expect(plain.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(plain.headers.get('Vary')).toContain('Accept, Accept-Language');
      await plain.json();
      const browser = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
      for (const page of [await get(path, browser), await get(`${path}?f=html`)])
        expect(page.headers.get('Content-Type'), path).toBe('text/html; charset=UTF-8');
      expect((await get(`${path}?f=json`, browser)).headers.get('Content-Type')).toContain('json');
      if (path.endsWith('/api')) continue;
      expect(await (await get(`${path}?f=html`)).text()).toContain('<html lang="id">');
      expect(await (await get(`${path}?f=html&lang=en`)).text()).toContain('<html lang="en">');
      const english = await get(`${path}?f=html`, { 'Accept-Language': 'fr, en-GB;q=0.8, id;q=0.2' });
      expect(await english.text()).toContain('<html lang="en">');
    }
  });

  test('has links that lead somewhere, itself and its other format among them', async () => {
    for (const path of await documents()) {
      const { links } = await json<{ links?: Link[] }>(site.app, path);
      if (!links) continue;
      expect(links.map(({ rel }) => rel)).toEqual(expect.arrayContaining(['self', 'alternate']));
      for (const { href, type } of links) {
        const response = await get(href.slice(new URL(href).origin.length));
        expect(response.status, href).toBe(200);
        expect(response.headers.get('Content-Type'), href).toContain(type.split(';')[0]);
      }
    }
  });

  test('takes no parameter that it does not know, and none twice', async () => {
    for (const path of await documents()) {
      for (const query of ['colour=red', 'f=xml', 'lang=fr', 'f=json&f=json']) {
        const response = await get(`${path}?${query}`);
        expect(response.status, `${path}?${query}`).toBe(400);
        expect(response.headers.get('Content-Type')).toContain('application/problem+json');
      }
    }
  });

  test('its pages name nothing elsewhere and are marked up as text', async () => {
    const hostile = '<script>alert("x")</script>';
    const layer = site.parts.registry.layer('camera')!;
    const [id] = await insertRows(connection.db, layer, [
      { ...randomRow(layer, seededRandom(1), null), name: hostile },
    ]);
    for (const path of [
      ...(await documents()),
      `${ogc}/collections/camera/items/${id}`,
      `${ogc}/collections/camera/items?name=${encodeURIComponent(hostile)}`,
    ]) {
      const text = await (await get(path, { Accept: 'text/html' })).text();
      expect(text, path).not.toContain(hostile);
      for (const [, url] of text.matchAll(/(?:src|href|data-url)="([^"]*)"/g))
        expect(new URL(url!.replaceAll('&amp;', '&'), 'http://localhost').host).toBe('localhost');
    }
    expect(await (await get(`${ogc}/collections/camera/items/${id}?f=html`)).text()).toContain('&lt;script&gt;');
    expect((await get(`${ogc}/style.css`)).headers.get('Content-Type')).toContain('text/css');
  });
});

test('the collections are the views of the role, with the extent of what is there', async () => {
  const { collections } = await json<{
    collections: { id: string; links: Link[]; extent: { spatial?: { bbox: number[][] } } }[];
  }>(site.app, `${ogc}/collections`);
  expect(collections.map(({ id }) => id)).toEqual(site.parts.registry.layers.map(({ id }) => id));
  for (const { id, links, extent } of collections) {
    const [west, south, east, north] = extent.spatial!.bbox[0]!;
    expect(west!).toBeLessThanOrEqual(east!);
    expect(south!).toBeLessThanOrEqual(north!);
    // The live copy keeps shapes to a centimetre.
    const box = [west! - 1e-6, south! - 1e-6, east! + 1e-6, north! + 1e-6].map((degrees, i) =>
      Math.max(-(i % 2 ? 90 : 180), Math.min(i % 2 ? 90 : 180, degrees)),
    );
    const all = await items(site.app, id, { limit: '10000' });
    const located = all.features.filter(({ geometry }) => geometry !== null).length;
    const inside = { filter: `S_INTERSECTS(geom, BBOX(${box.join(', ')}))` };
    expect((await items(site.app, id, inside)).numberMatched, id).toBe(located);
    expect(linkOf(links, 'items')).toBe(`${ogc}/collections/${id}/items?f=json`);
  }
});

test('every address of the OpenAPI description answers, with parameters that it takes', async () => {
  interface Described {
    readonly openapi: string;
    readonly paths: Record<string, { get: { parameters: ({ $ref: string } | { name: string; in: string })[] } }>;
    readonly components: { parameters: Record<string, { name: string }> };
  }
  const { openapi, paths, components } = await json<Described>(site.app, `${ogc}/api`);
  expect(openapi).toMatch(/^3\.[01]\.\d+$/);
  const addresses = Object.entries(paths);
  expect(addresses).toHaveLength(4 + site.parts.registry.layers.length * 5);
  for (const [path, { get: operation }] of addresses) {
    const [, id] = /^\/collections\/(\w+)\/items\/\{/.exec(path) ?? [];
    const feature = id && (await items(site.app, id, { limit: '1' })).features[0]!.id;
    const response = await get(ogc + path.replace('{featureId}', String(feature)));
    expect(response.status, path).toBe(200);
    // An empty value may be wrong; a parameter that is not known says so.
    for (const parameter of operation.parameters) {
      const found = '$ref' in parameter ? components.parameters[parameter.$ref.split('/').at(-1)!]! : parameter;
      if ('in' in found && found.in === 'path') continue;
      const answer = await (await get(`${ogc}${path.replace('{featureId}', String(feature))}?${found.name}=`)).text();
      expect(answer, `${path}?${found.name}`).not.toContain('There is no parameter');
    }
  }
});

const yaml = 'conformance/ogcapi/ogcapi-features-1.yaml';
realTest('the answers are what the standard’s own schemas say', [yaml], async () => {
  const { components } = parse(readFileSync(realData(yaml), 'utf8'));
  const text = JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/definitions/');
  const definitions = JSON.parse(text, (_, value) => {
    // Zod reads the limits of an array only where its type and items are said again: `{ type: array, oneOf: [{ minItems: 4 }, …] }`.
    if (value?.type === 'array' && Array.isArray(value.oneOf))
      value.oneOf = value.oneOf.map((each: object) => ({ type: 'array', items: {}, ...each }));
    return value;
  });
  // The feature schema of 1.0 knows no feature without a place, which GeoJSON (RFC 7946, 3.2) and Part 1 permit.
  definitions.geometryGeoJSON.oneOf.push({ type: 'null' });
  const check = (name: string, document: unknown) => {
    const schema = z.fromJSONSchema({ $ref: `#/definitions/${name}`, definitions }, { defaultTarget: 'openapi-3.0' });
    const { error } = schema.safeParse(document);
    expect(error?.issues, name).toBeUndefined();
  };
  check('landingPage', await json(site.app, ogc));
  check('confClasses', await json(site.app, `${ogc}/conformance`));
  check('collections', await json(site.app, `${ogc}/collections`));
  for (const { id } of site.parts.registry.layers) {
    check('collection', await json(site.app, `${ogc}/collections/${id}`));
    const found = await items(site.app, id, { limit: '100' });
    check('featureCollectionGeoJSON', found);
    check('featureGeoJSON', await json(site.app, `${ogc}/collections/${id}/items/${found.features[0]!.id}`));
  }
  // The schemas do refuse: a feature without properties is none.
  expect(() => check('featureGeoJSON', { type: 'Feature', geometry: null })).toThrow();
});
