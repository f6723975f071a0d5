import { useQuery } from '@tanstack/react-query';
import type { SourcesReport } from '../../server/ingest/pull/routes.ts';
import { fetchJson } from './fetch_json.ts';
import { queryClient } from './query_client.ts';

const queryKey = ['sources'];
const restingMs = 30_000;
const busyMs = 1_000;

/** How the outside feeds and the doors do: read every 30 s, or `watchMs`, and every second while one is being pulled. */
export function useSources(watchMs = restingMs) {
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => fetchJson<SourcesReport>('/api/feeds', { signal }),
    refetchInterval: ({ state }) => (state.data?.feeds.some(({ pulling }) => pulling) ? busyMs : watchMs),
    retry: false, // asked again anyway
  });
}

/** Has a feed pulled now; `useSources` tells when it is done. Throws RequestFailed: 409 switched off, 429 asked a moment ago. */
export async function pullSource(id: string): Promise<void> {
  await fetchJson(`/api/feeds/${id}/pull`, { method: 'POST' });
  await queryClient.invalidateQueries({ queryKey });
}

/** Switches a feed off or on. Throws RequestFailed. */
export async function pauseSource(id: string, paused: boolean): Promise<void> {
  await fetchJson(`/api/feeds/${id}`, { method: 'PATCH', body: { paused } });
  await queryClient.invalidateQueries({ queryKey });
}
