import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { SessionInfo } from '../../server/accounts/account_routes.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { queryClient } from '../api/query_client.ts';
import { instantText } from '../i18n/format.ts';
import { Refused } from '../panels/refused.tsx';
import { useLanguage } from '../panels/use.ts';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { browserName } from './browser_name.ts';
import { Loaded } from './loaded.tsx';

/** Where one is signed in, with a way to end each. */
export function SessionsPart() {
  const { t } = useTranslation();
  const language = useLanguage();
  const query = useQuery({
    queryKey: ['account', 'sessions'],
    queryFn: ({ signal }) => fetchJson<{ sessions: readonly SessionInfo[] }>('/api/account/sessions', { signal }),
  });
  const { refused, busy, run } = useSending();
  const end = (which: string) =>
    run(async () => {
      await fetchJson(`/api/account/sessions/${which}`, { method: 'DELETE' });
      await queryClient.invalidateQueries({ queryKey: ['account', 'sessions'] });
    });
  return (
    <div className={styles.part}>
      <p className={styles.text}>{t('account.sessions_text')}</p>
      <Refused>{refused}</Refused>
      <Loaded query={query}>
        {({ sessions }) => (
          <>
            <ul className={styles.rows}>
              {sessions.map(({ id, current, created_at, last_seen, address, browser }) => (
                <li key={id}>
                  <span>
                    <strong>{browserName(browser) ?? t('account.unknown_browser')}</strong>
                    {current && ` · ${t('account.this_one')}`}
                    <span className={styles.sub}>
                      {[address, t('account.since', { at: instantText(new Date(created_at), language) })]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                    {!current && (
                      <span className={styles.sub}>
                        {t('account.seen', { at: instantText(new Date(last_seen), language) })}
                      </span>
                    )}
                  </span>
                  {!current && (
                    <Button disabled={busy} onClick={() => end(id)}>
                      {t('account.end_session')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
            {sessions.length > 1 && (
              <div>
                <Button disabled={busy} onClick={() => end('others')}>
                  {t('account.end_others')}
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}
