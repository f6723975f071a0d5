import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { PendingForViewer } from '../../server/registry/actions/pending_for.ts';
import { useSignedIn } from '../api/catalogue.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { later } from '../panels/later.tsx';
import { useNow } from '../panels/use.ts';
import styles from './actions.module.css';

const PendingCard = later('PendingCard');
const watchMs = 5_000;

/** What waits for a second person, on the screen of each who may be it, and of who asked. */
export function PendingCards() {
  const { t } = useTranslation();
  const signedIn = useSignedIn();
  const { data } = useQuery({
    queryKey: ['pending'],
    queryFn: ({ signal }) => fetchJson<{ pending: readonly PendingForViewer[] }>('/api/pending', { signal }),
    enabled: signedIn,
    refetchInterval: watchMs,
    refetchIntervalInBackground: true,
  });
  const now = useNow(1000);
  const open = data?.pending.filter(({ until }) => Date.parse(until) > now) ?? [];
  if (!signedIn || open.length === 0) return null;
  return (
    <section className={styles.cards} aria-label={t('second.title')}>
      {open.map((pending) => (
        <PendingCard key={pending.id} pending={pending} now={now} />
      ))}
    </section>
  );
}
