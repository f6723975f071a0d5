import { Anchor, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchJson } from '../api/fetch_json.ts';
import { Refused } from '../panels/refused.tsx';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { beginAnew } from './use_account.ts';

/** The second step of signing in: the six digits of the telephone, or one of the codes that were written down. */
export function CodeStep({ back }: { readonly back: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [written, setWritten] = useState(false);
  const { refused, refuse, busy, run } = useSending();
  const path = written ? '/api/auth/two-factor/verify-backup-code' : '/api/auth/two-factor/verify-totp';
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          await fetchJson(path, { method: 'POST', body: { code: written ? code.trim() : code.replace(/\s/g, '') } });
          beginAnew();
        });
      }}
    >
      <TextInput
        key={String(written)}
        label={t(written ? 'account.backup_code' : 'account.code')}
        description={t(written ? 'account.backup_code_hint' : 'account.code_hint')}
        inputMode={written ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        required
        data-autofocus
        autoFocus
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Refused>{refused}</Refused>
      <div className={styles.apart}>
        <div className={styles.acts}>
          <Button type="submit" variant="filled" size="sm" loading={busy}>
            {t('account.sign_in')}
          </Button>
          <Button size="sm" onClick={back}>
            {t('page.back')}
          </Button>
        </div>
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => {
            setWritten(!written);
            setCode('');
            refuse(null);
          }}
        >
          {t(written ? 'account.use_code' : 'account.use_backup_code')}
        </Anchor>
      </div>
    </form>
  );
}
