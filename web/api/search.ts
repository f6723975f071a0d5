import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { fetchJson } from './fetch_json.ts';

export interface Found {
  readonly layer: string;
  readonly id: number;
  readonly name: string | null;
  readonly code: string | null;
  /** Village or district it lies in, as a name. */
  readonly area: string | null;
  readonly center: readonly [lon: number, lat: number] | null;
  readonly bbox: Bbox | null;
}

/** Features whose name, code or search attributes match, of the given layers. Asks from two characters on. */
export function useSearch(query: string, layers: readonly string[]) {
  const text = query.trim();
  return useQuery({
    queryKey: ['search', text, layers],
    enabled: text.length >= 2 && layers.length > 0,
    retry: 1,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      fetchJson<{ results: readonly Found[] }>(
        `/api/search?${new URLSearchParams({ q: text, layers: layers.join(','), limit: '20' })}`,
        { signal },
      ),
  });
}
