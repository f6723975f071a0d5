import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import type { Catalogue, CatalogueLayer } from '../../server/registry/catalogue.ts';
import { positionHeader } from '../../server/registry/position_header.ts';
import { setTimeZone } from '../i18n/format.ts';
import { fetchAnswer } from './fetch_json.ts';

const refetchMs = 30_000;

/** The catalogue, read again every 30 s; the last good one is kept while the server cannot be reached. */
export const catalogueQuery = queryOptions({
  queryKey: ['catalogue'],
  queryFn: async ({ signal }) => {
    const { body, headers } = await fetchAnswer<Catalogue>('/api/layers', { signal });
    setTimeZone(body.timeZone);
    // One that is unchanged comes from the browser's own store, with the position of now beside it.
    return { ...body, position: headers.get(positionHeader) ?? body.position };
  },
  refetchInterval: refetchMs,
  refetchIntervalInBackground: true,
  placeholderData: keepPreviousData,
});

export function useCatalogue() {
  return useQuery(catalogueQuery);
}

/** Whether somebody has signed in, as the catalogue was made for. */
export function useSignedIn(): boolean {
  return useCatalogue().data?.viewer.name != null;
}

/** One layer of the catalogue; undefined while it loads and when there is none of that name. */
export function useLayer(id: string | undefined): CatalogueLayer | undefined {
  return useCatalogue().data?.layers.find((layer) => layer.id === id);
}
