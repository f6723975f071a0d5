import type { Feature, FeatureCollection } from 'geojson';
import { expect } from 'vitest';
import type { Connection } from '../../../server/database/connect.ts';
import type { Link } from '../../../server/registry/collections/links.ts';
import { layerFiles } from '../../../server/registry/registry.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { seededRandom } from '../../support/random.ts';
import { insertLawful, randomRow } from '../../support/rows.ts';
import { placesOf } from '../../tiles/places.ts';

/** An answer of `/items`. */
export interface Items extends FeatureCollection {
  readonly links: readonly Link[];
  readonly timeStamp: string;
  readonly numberMatched: number;
  readonly numberReturned: number;
  readonly features: Feature[];
}

export const ogc = '/ogc';

/** The server over a database in which every layer has rows, one in five without a place. */
export async function ogcApp(connection: Connection, rows = 60): Promise<TestApp> {
  for (const layer of await layerFiles()) {
    const random = seededRandom(layer.id);
    const places = placesOf(layer.geometry, random, rows);
    const made = Array.from({ length: rows }, (_, i) => randomRow(layer, random, i % 5 === 4 ? null : places[i]!));
    await insertLawful(connection.db, layer, made);
  }
  return testApp(connection);
}

/** JSON of a document that must be there. */
export async function json<T = Record<string, unknown>>(
  app: TestApp['app'],
  path: string,
  headers?: Record<string, string>,
): Promise<T> {
  const response = await app.request(path, headers ? { headers } : {});
  expect(response.status, `${path}: ${await response.clone().text()}`).toBe(200);
  return response.json();
}

export function items(app: TestApp['app'], layer: string, parameters: Record<string, string> = {}): Promise<Items> {
  return json<Items>(app, `${ogc}/collections/${layer}/items?${new URLSearchParams(parameters)}`);
}

/** The path of a link of an answer, undefined when it has none of that relation. */
export function linkOf(links: readonly Link[], rel: string): string | undefined {
  const found = links.find((link) => link.rel === rel);
  return found?.href.slice(new URL(found.href).origin.length);
}
