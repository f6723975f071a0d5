import { useQuery } from '@tanstack/react-query';
import type { HeldIn } from '../../server/accounts/held_in.ts';
import { fetchJson } from '../api/fetch_json.ts';

/** The agencies and areas that a role can be held in; undefined until they are there. For admins. */
export function useHeldIn(): HeldIn | undefined {
  const { data } = useQuery({
    queryKey: ['admin', 'held-in'],
    queryFn: ({ signal }) => fetchJson<HeldIn>('/api/admin/held-in', { signal }),
    staleTime: 60_000,
  });
  return data;
}
