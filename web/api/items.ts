import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { textLiteral } from '../../server/registry/text_literal.ts';
import type { LayerFeature } from './feature.ts';
import { fetchJson } from './fetch_json.ts';

interface Page {
  readonly features: readonly LayerFeature[];
  readonly numberMatched: number;
  readonly links: readonly { readonly rel: string; readonly href: string }[];
}

/** What is asked of a collection: where (degrees), a CQL2 text, and by which property it is ordered (`-` before it: largest first). */
export interface ItemsQuery {
  readonly layer: string;
  readonly bbox?: Bbox | undefined;
  readonly filter?: string | undefined;
  readonly sortby?: string | undefined;
}

function choosing({ bbox, filter }: ItemsQuery): URLSearchParams {
  // Not by the parameter `bbox`, which matches what has no place as well.
  const inside = bbox && `S_INTERSECTS(geom, BBOX(${bbox.map((degree) => degree.toFixed(6)).join(', ')}))`;
  const asked = inside && filter ? `${inside} AND (${filter})` : (inside ?? filter);
  return new URLSearchParams(asked ? { filter: asked, 'filter-lang': 'cql2-text' } : {});
}

/** The address of a page of items in the OGC API. */
export function itemsAddress(query: ItemsQuery, limit: number): string {
  const parameters = choosing(query);
  parameters.set('limit', String(limit));
  if (query.sortby) parameters.set('sortby', query.sortby);
  return `/ogc/collections/${query.layer}/items?${parameters}`;
}

/** The address of a file with all that is asked for. */
export function exportAddress(query: ItemsQuery, format: 'geojson' | 'csv'): string {
  const parameters = choosing(query).toString();
  return `/api/layers/${query.layer}/export.${format}${parameters && `?${parameters}`}`;
}

/** The next page on our own origin: the server may name itself differently behind a proxy. */
function nextPage(page: Page): string | undefined {
  const href = page.links.find(({ rel }) => rel === 'next')?.href;
  if (!href) return undefined;
  const { pathname, search } = new URL(href, location.href);
  return `${pathname}${search}`;
}

/** A layer's features page by page, as the list twin of the map shows them. */
export function useItems(query: ItemsQuery | undefined) {
  return useInfiniteQuery({
    queryKey: ['items', query],
    enabled: query !== undefined,
    initialPageParam: query ? itemsAddress(query, 200) : '',
    queryFn: ({ pageParam, signal }) => fetchJson<Page>(pageParam, { signal }),
    getNextPageParam: nextPage,
    placeholderData: (previous, previousQuery) =>
      // Moving the map keeps the old rows until the new ones are there; another layer starts empty.
      (previousQuery?.queryKey[1] as ItemsQuery | undefined)?.layer === query?.layer ? previous : undefined,
  });
}

/** How many features of a layer each CQL2 text chooses, in the order asked; undefined while a count loads. */
export function useChoiceCounts(layer: string, filters: readonly string[]): (number | undefined)[] {
  return useQueries({
    queries: filters.map((filter) => ({
      queryKey: ['count', layer, filter],
      staleTime: 60_000,
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await fetchJson<Page>(itemsAddress({ layer, filter }, 1), { signal })).numberMatched,
    })),
    combine: (results) => results.map(({ data }) => data),
  });
}

/** How many features of a layer a CQL2 text chooses; undefined without a text and while it loads. */
export function useMatchedCount(layer: string, filter: string | undefined): number | undefined {
  const { data } = useQuery({
    queryKey: ['matched', layer, filter],
    enabled: filter !== undefined,
    refetchInterval: 30_000,
    queryFn: ({ signal }) => fetchJson<Page>(itemsAddress({ layer, filter }, 1), { signal }),
  });
  return filter === undefined ? undefined : data?.numberMatched;
}

/** The name of an area by its Kemendagri code, from the layer that holds areas of that kind; undefined when unknown. */
export function useAreaName(layer: 'village' | 'district', code: string | undefined): string | undefined {
  const { data } = useQuery({
    queryKey: ['area', layer, code],
    enabled: code !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      fetchJson<Page>(itemsAddress({ layer, filter: `code = ${textLiteral(code ?? '')}` }, 1), { signal }),
  });
  const name = data?.features[0]?.properties.name;
  return typeof name === 'string' ? name : undefined;
}

/** The village that a place lies in, where the regency has villages; undefined while it loads and outside of all. */
export function useVillageAt(at: readonly [lon: number, lat: number] | null): string | undefined {
  // A hundred metres: neighbours share an answer.
  const [lon = 0, lat = 0] = at?.map((degrees) => Number(degrees.toFixed(3))) ?? [];
  const { data } = useQuery({
    queryKey: ['village at', lon, lat],
    enabled: at !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
    queryFn: ({ signal }) =>
      fetchJson<Page>(itemsAddress({ layer: 'village', bbox: [lon, lat, lon, lat] }, 1), { signal }),
  });
  const name = data?.features[0]?.properties.name;
  return typeof name === 'string' ? name : undefined;
}
