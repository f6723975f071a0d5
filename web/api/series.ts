import { useQuery } from '@tanstack/react-query';
import type { Series } from '../../server/registry/series.ts';
import { serverNow, serverTime } from '../live/server_clock.ts';
import type { PageState } from '../state.ts';
import { fetchJson } from './fetch_json.ts';

/** Not more often than this, however fast readings come: what came meanwhile is drawn from the feature. */
const restMs = 15_000;

/**
 * What was observed of a feature in the last hours, in buckets, read again every half minute and when `newest`, the time of
 * its last observation, has changed.
 */
export function useSeries({ layer, id }: NonNullable<PageState['selected']>, hours: number, newest: string | null) {
  return useQuery({
    queryKey: ['series', layer, id, hours],
    queryFn: ({ signal }) => {
      const to = serverNow();
      const from = new Date(to - hours * 3_600_000).toISOString();
      return fetchJson<Series>(
        `/api/layers/${layer}/${id}/series?${new URLSearchParams({ from, to: new Date(to).toISOString() })}`,
        { signal },
      );
    },
    placeholderData: (previous, query) =>
      query?.queryKey[1] === layer && query.queryKey[2] === id ? previous : undefined,
    staleTime: restMs,
    refetchInterval: ({ state: { data, dataUpdatedAt } }) => {
      const isBehind = newest !== null && data !== undefined && Date.parse(newest) > serverTime(dataUpdatedAt);
      return isBehind ? restMs : 2 * restMs;
    },
  });
}
