import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchJson } from '../api/fetch_json.ts';
import { queryClient } from '../api/query_client.ts';
import { instantText } from '../i18n/format.ts';
import { Refused } from '../panels/refused.tsx';
import { useLanguage } from '../panels/use.ts';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { KeyForm } from './key_form.tsx';
import { Loaded } from './loaded.tsx';
import { Question } from './question.tsx';

interface ServiceKeyRow {
  readonly id: number;
  readonly name: string;
  readonly agency: string;
  readonly prefix: string;
  readonly doors: readonly string[];
  readonly layers: readonly string[] | null;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

/** Keys of machines: for what, since when, and last used; a new one is shown once. */
export function KeysPart() {
  const { t } = useTranslation();
  const language = useLanguage();
  const [making, setMaking] = useState(false);
  /** The key that is about to be revoked. */
  const [asked, setAsked] = useState<number | null>(null);
  const { refused, busy, run } = useSending();
  const query = useQuery({
    queryKey: ['admin', 'keys'],
    queryFn: ({ signal }) => fetchJson<{ keys: readonly ServiceKeyRow[] }>('/api/admin/keys', { signal }),
  });
  const at = (instant: string) => instantText(new Date(instant), language);
  const stateOf = ({ revoked_at, expires_at, last_used_at }: ServiceKeyRow) => {
    if (revoked_at) return t('admin.revoked', { at: at(revoked_at) });
    const until = expires_at && t('admin.until_day', { at: at(expires_at) });
    return [last_used_at ? t('admin.used', { at: at(last_used_at) }) : t('admin.never_used'), until]
      .filter(Boolean)
      .join(' · ');
  };
  return (
    <div className={styles.part}>
      {making ? (
        <KeyForm close={() => setMaking(false)} />
      ) : (
        <div className={styles.apart}>
          <p className={styles.text}>{t('admin.keys_text')}</p>
          <Button variant="filled" size="sm" onClick={() => setMaking(true)}>
            {t('admin.make_key')}
          </Button>
        </div>
      )}
      <Refused>{refused}</Refused>
      <Loaded query={query}>
        {({ keys }) => (
          <ul className={styles.rows}>
            {keys.length === 0 && <li className={styles.sub}>{t('admin.no_keys')}</li>}
            {keys.map((key) => (
              <li key={key.id}>
                <span>
                  <strong>{key.name}</strong> <code>{key.prefix}…</code>
                  <span className={styles.sub}>
                    {[
                      key.agency,
                      key.doors.map((door) => t(`admin.door_${door as 'http' | 'mqtt' | 'read' | 'write'}`)).join(', '),
                      key.layers?.join(', ') ?? t('admin.all_layers'),
                    ].join(' · ')}
                  </span>
                  <span className={styles.sub}>{stateOf(key)}</span>
                </span>
                {!key.revoked_at && (
                  <Button disabled={busy} onClick={() => setAsked(key.id)}>
                    {t('admin.revoke')}
                  </Button>
                )}
                {asked === key.id && (
                  <Question
                    text={t('admin.revoke_question', { name: key.name, agency: key.agency })}
                    yes={t('admin.revoke')}
                    busy={busy}
                    close={() => setAsked(null)}
                    onYes={() =>
                      run(async () => {
                        await fetchJson(`/api/admin/keys/${key.id}`, { method: 'DELETE' });
                        setAsked(null);
                        await queryClient.invalidateQueries({ queryKey: ['admin', 'keys'] });
                      })
                    }
                  />
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </div>
  );
}
