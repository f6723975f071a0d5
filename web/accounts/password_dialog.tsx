import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchJson } from '../api/fetch_json.ts';
import { PageDialog } from '../panels/page_dialog.tsx';
import { Refused } from '../panels/refused.tsx';
import { ui } from '../panels/ui.ts';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { asked } from './asked.ts';

/** The page of the link that an invitation or a forgotten password brings. */
export function PasswordDialog() {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [done, setDone] = useState(false);
  const { refused, busy, run } = useSending();
  return (
    <PageDialog title={t('account.choose_title')}>
      {done ? (
        <div className={styles.form}>
          <p className={styles.good} role="status">
            {t('account.choose_done')}
          </p>
          <div>
            <Button variant="filled" size="sm" data-autofocus onClick={() => ui.set({ dialog: 'sign_in' })}>
              {t('account.sign_in')}
            </Button>
          </div>
        </div>
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            void run(async () => {
              await fetchJson('/api/auth/reset-password', {
                method: 'POST',
                body: { newPassword: password, token: asked.passwordToken },
              });
              setDone(true);
            });
          }}
        >
          <p className={styles.text}>{t('account.choose_text')}</p>
          <PasswordInput
            label={t('account.new_password')}
            description={t('account.password_rule')}
            autoComplete="new-password"
            minLength={12}
            maxLength={128}
            required
            data-autofocus
            visibilityToggleButtonProps={{ 'aria-label': t('account.show_password') }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Refused>{refused}</Refused>
          <div>
            <Button type="submit" variant="filled" size="sm" loading={busy}>
              {t('account.choose')}
            </Button>
          </div>
        </form>
      )}
    </PageDialog>
  );
}
