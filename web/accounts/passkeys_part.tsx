import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fetchJson } from '../api/fetch_json.ts';
import { queryClient } from '../api/query_client.ts';
import { instantText } from '../i18n/format.ts';
import { Refused } from '../panels/refused.tsx';
import { useLanguage } from '../panels/use.ts';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { browserName } from './browser_name.ts';
import { Loaded } from './loaded.tsx';
import { addPasskey, hasPasskeys } from './passkey.ts';
import { SignInFirst } from './sign_in_first.tsx';
import { useAccount } from './use_account.ts';

interface Passkey {
  readonly id: string;
  readonly name?: string;
  readonly createdAt: string;
}

/** The devices that one signs in with instead of a password. */
export function PasskeysPart() {
  const { t } = useTranslation();
  const language = useLanguage();
  const query = useQuery({
    queryKey: ['account', 'passkeys'],
    queryFn: ({ signal }) => fetchJson<readonly Passkey[]>('/api/auth/passkey/list-user-passkeys', { signal }),
  });
  const isStale = useAccount().data?.person?.changes === 'stale';
  const { refused, busy, run } = useSending();
  /** Afterwards all is asked for again, also when it was refused: the session may have become too old. */
  const change = async (act: () => Promise<void>) => {
    await run(act);
    await queryClient.invalidateQueries({ queryKey: ['account'] });
  };
  return (
    <div className={styles.part}>
      <p className={styles.text}>{t('account.passkeys_text')}</p>
      {!isStale && <Refused>{refused}</Refused>}
      <Loaded query={query}>
        {(passkeys) => (
          <ul className={styles.rows}>
            {passkeys.length === 0 && <li className={styles.sub}>{t('account.passkeys_none')}</li>}
            {passkeys.map(({ id, name, createdAt }) => (
              <li key={id}>
                <span>
                  <strong>{name ?? t('account.passkey')}</strong>
                  <span className={styles.sub}>
                    {t('account.since', { at: instantText(new Date(createdAt), language) })}
                  </span>
                </span>
                {!isStale && (
                  <Button
                    disabled={busy}
                    onClick={() =>
                      change(async () => {
                        await fetchJson('/api/auth/passkey/delete-passkey', { method: 'POST', body: { id } });
                      })
                    }
                  >
                    {t('account.remove')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {isStale ? (
        <SignInFirst why="stale" />
      ) : hasPasskeys ? (
        <div>
          <Button
            variant="filled"
            size="sm"
            loading={busy}
            onClick={() =>
              change(async () => {
                await addPasskey(browserName(navigator.userAgent) ?? t('account.passkey'));
              })
            }
          >
            {t('account.passkey_add')}
          </Button>
        </div>
      ) : (
        <p className={styles.text}>{t('account.passkeys_unsupported')}</p>
      )}
    </div>
  );
}
