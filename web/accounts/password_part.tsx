import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchJson } from '../api/fetch_json.ts';
import { Refused } from '../panels/refused.tsx';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';

/** Changes one's password, which ends all other sessions. */
export function PasswordPart() {
  const { t } = useTranslation();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [done, setDone] = useState(false);
  const { refused, busy, run } = useSending();
  const toggle = { 'aria-label': t('account.show_password') };
  return (
    <form
      className={styles.part}
      onSubmit={(event) => {
        event.preventDefault();
        setDone(false);
        void run(async () => {
          await fetchJson('/api/auth/change-password', {
            method: 'POST',
            body: { currentPassword: current, newPassword: next },
          });
          setCurrent('');
          setNext('');
          setDone(true);
        });
      }}
    >
      <PasswordInput
        label={t('account.current_password')}
        autoComplete="current-password"
        required
        visibilityToggleButtonProps={toggle}
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('account.new_password')}
        description={t('account.password_rule')}
        autoComplete="new-password"
        minLength={12}
        maxLength={128}
        required
        visibilityToggleButtonProps={toggle}
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
      <Refused>{refused}</Refused>
      {done && (
        <p className={styles.good} role="status">
          {t('account.password_changed')}
        </p>
      )}
      <div>
        <Button type="submit" variant="filled" size="sm" loading={busy}>
          {t('account.change_password')}
        </Button>
      </div>
    </form>
  );
}
