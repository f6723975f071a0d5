import { z } from 'zod';
import { textLiteral } from '../../server/registry/text_literal.ts';
import type { Fleet, Observation, Thing } from './city.ts';

/** What the server answers observations with. */
const receipt = z.object({
  accepted: z.number(),
  known: z.number(),
  suspect: z.number(),
  rejected: z.array(z.object({ code: z.string().nullable(), reason: z.string() })),
});
export type Receipt = z.infer<typeof receipt>;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const page = z.object({
  features: z.array(
    z.object({
      geometry: z.object({ coordinates: z.tuple([z.number(), z.number()]) }).nullable(),
      properties: z.record(z.string(), scalar.nullable()),
    }),
  ),
  links: z.array(z.object({ rel: z.string(), href: z.string() })),
});

/** The public interface of a server, as devices and readers use it. Each of it throws when the server is not there. */
export interface Door {
  /**
   * The things of a layer that are simulated ones, `source` is `demo`, and move: those with these codes, or all. None when
   * the server does not show the layer.
   */
  readonly things: (layer: string, codes?: readonly string[]) => Promise<Thing[]>;
  /** What became of them; undefined where the door does not tell. */
  readonly post: (layer: string, batch: readonly Observation[]) => Promise<Receipt | undefined>;
}

/** Of layers with many things, those that move: a lamp without telemetry has nothing to say, and what is done is done. */
const movers: ReadonlyMap<string, string> = new Map([
  ['streetlight', 'power_state IS NOT NULL'],
  ['complaint', "state IN ('received', 'triaged', 'assigned', 'in_progress')"],
]);
/** Codes asked for at once: a filter may have 4,000 characters. */
const codesAtOnce = 100;

/** Sends a request to the server; `path` begins with `/`. */
export type Request = (path: string, init?: RequestInit) => Promise<Response>;

/** The door of the server that `request` reaches; `key` is its `INGEST_KEY`. */
export function door(request: Request, key?: string): Door {
  return {
    async things(layer, codes) {
      if (!codes) return read(request, layer, movers.get(layer));
      const found: Thing[] = [];
      for (let from = 0; from < codes.length; from += codesAtOnce) {
        const some = codes.slice(from, from + codesAtOnce).map(textLiteral);
        found.push(...(await read(request, layer, `code IN (${some.join(', ')})`)));
      }
      return found;
    },
    async post(layer, batch) {
      const response = await request(`/api/ingest/${layer}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) },
        body: JSON.stringify(batch),
      });
      if (!response.ok) throw new Error(`${layer}: ${response.status} ${(await response.text()).slice(0, 200)}`);
      return receipt.parse(await response.json());
    },
  };
}

/** Everything that the simulator moves, of those layers. */
export async function readFleet({ things }: Door, layers: Iterable<string>): Promise<Fleet> {
  const fleet = new Map<string, readonly Thing[]>();
  for (const layer of layers) fleet.set(layer, await things(layer));
  return fleet;
}

/** The demo's things of a layer that a CQL2 text chooses, page by page. */
async function read(request: Request, layer: string, filter: string | undefined): Promise<Thing[]> {
  const found: Thing[] = [];
  const chosen = filter === undefined ? '' : `&filter=${encodeURIComponent(filter)}`;
  for (
    let path: string | undefined = `/ogc/collections/${layer}/items?source=demo&limit=10000${chosen}`;
    path !== undefined;
  ) {
    const response = await request(path, { headers: { Accept: 'application/geo+json' } });
    if (response.status === 404) return [];
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    const { features, links } = page.parse(await response.json());
    found.push(...features.flatMap((feature) => thingOf(feature) ?? []));
    const next = links.find(({ rel }) => rel === 'next');
    path = next && pathOf(next.href);
  }
  return found;
}

function thingOf({ geometry, properties }: z.infer<typeof page>['features'][number]): Thing | undefined {
  const { code, ...rest } = properties;
  if (typeof code !== 'string' || !geometry) return undefined;
  const values = Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  return { code, position: geometry.coordinates, values };
}

/** Behind a proxy the server may know itself by another name. */
function pathOf(href: string): string {
  const { pathname, search } = new URL(href, 'http://localhost');
  return pathname + search;
}
