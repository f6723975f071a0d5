import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { AccountInfo } from '../../server/accounts/account_routes.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { queryClient } from '../api/query_client.ts';
import { live } from '../page.ts';
import { ui } from '../panels/ui.ts';

const refetchMs = 30_000;
const channel = new BroadcastChannel('pendopo-account-1');
/** For whom the page was opened. */
let first: string | undefined;
const sureMs = 1000;

function whose({ person, grants }: AccountInfo): string {
  return JSON.stringify([person?.id, grants]);
}

/** Who is signed in, asked again now and then. */
export function useAccount() {
  return useQuery({
    queryKey: ['account'],
    queryFn: ({ signal }) => fetchJson<AccountInfo>('/api/account', { signal }),
    refetchInterval: refetchMs,
  });
}

/** Begins the page anew, in all tabs: nothing of what somebody else could see is left on the map or in memory. */
export function beginAnew(): void {
  channel.postMessage('anew');
  location.reload();
}

/** Opens the account where a second factor is set up, for whom roles wait for one: once, it may be closed. */
export function useSecondFactorDemand(): void {
  const waits = (useAccount().data?.withheld.length ?? 0) > 0;
  useEffect(() => {
    if (waits) ui.set({ dialog: 'account' });
  }, [waits]);
}

/** Begins the page anew when it is no longer for the one it was opened for: signed in or out elsewhere, other roles. */
export function useSameAccount(): void {
  const { data } = useAccount();
  useEffect(() => {
    if (!data) return;
    first ??= whose(data);
    if (whose(data) === first) return;
    // A new password or second factor changes the session too: while the answer with the new one is under way, the old
    // one is nobody's. So it is asked once more.
    const sure = setTimeout(async () => {
      const again = await fetchJson<AccountInfo>('/api/account').catch(() => undefined);
      if (again && whose(again) !== first) location.reload();
      else void queryClient.invalidateQueries({ queryKey: ['account'], exact: true });
    }, sureMs);
    return () => clearTimeout(sure);
  }, [data]);
  useEffect(() => {
    channel.onmessage = () => location.reload();
    // A stream that ends may have ended because the session did.
    let { link } = live.state.get();
    return live.state.subscribe(() => {
      const { link: next } = live.state.get();
      // Only that is asked: where the session goes on under another token, what else the account holds would be refused to the old one.
      if (next === 'offline' && link !== 'offline')
        void queryClient.invalidateQueries({ queryKey: ['account'], exact: true });
      link = next;
    });
  }, []);
}
