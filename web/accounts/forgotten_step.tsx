import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchJson } from '../api/fetch_json.ts';
import { Refused } from '../panels/refused.tsx';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { useAccount } from './use_account.ts';

/** A link for who forgot the password: by mail where there is mail, else from an admin. */
export function ForgottenStep({ email: typed, back }: { readonly email: string; readonly back: () => void }) {
  const { t } = useTranslation();
  const { data } = useAccount();
  const [email, setEmail] = useState(typed);
  const [sent, setSent] = useState(false);
  const { refused, busy, run } = useSending();
  const backButton = (
    <Button size="sm" onClick={back}>
      {t('page.back')}
    </Button>
  );
  if (sent || !data?.mails)
    return (
      <div className={styles.form}>
        <p className={sent ? styles.good : styles.text} role="status">
          {t(sent ? 'account.forgotten_sent' : 'account.forgotten_no_mail')}
        </p>
        <div>{backButton}</div>
      </div>
    );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          await fetchJson('/api/auth/request-password-reset', { method: 'POST', body: { email: email.trim() } });
          setSent(true);
        });
      }}
    >
      <p className={styles.text}>{t('account.forgotten_text')}</p>
      <TextInput
        label={t('account.email')}
        type="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <Refused>{refused}</Refused>
      <div className={styles.acts}>
        <Button type="submit" variant="filled" size="sm" loading={busy}>
          {t('account.forgotten_send')}
        </Button>
        {backButton}
      </div>
    </form>
  );
}
