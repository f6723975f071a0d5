import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditEntry } from '../../server/audit/entries.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { zoneSuffix } from '../i18n/format.ts';

/** What the page asks for; times as the browser's field has them, on the room's clock. */
export interface AuditFilter {
  readonly person: string;
  readonly layer: string;
  readonly feature: string;
  readonly from: string;
  readonly to: string;
}

interface Page {
  readonly entries: readonly AuditEntry[];
  readonly next: number | null;
}

/** Entries of the audit trail, newest first, page by page. */
export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ signal, pageParam }) => fetchJson<Page>(`/api/audit?${queryOf(filter, pageParam)}`, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    // Each look is written down: not one because a window came to the front.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** The address of a file with all that is asked for. */
export function auditFile(filter: AuditFilter): string {
  return `/api/audit/export?${queryOf(filter, null)}`;
}

function queryOf({ person, layer, feature, from, to }: AuditFilter, before: number | null): string {
  const query = new URLSearchParams({ limit: '50' });
  const given = { person: person.trim(), layer, feature: feature.replaceAll(/\D/g, '') };
  for (const [key, value] of Object.entries(given)) if (value !== '') query.set(key, value);
  for (const [key, value] of Object.entries({ from, to }))
    if (value !== '') query.set(key, `${value}:00${zoneSuffix()}`);
  if (before !== null) query.set('before', String(before));
  return query.toString();
}
