import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchJson } from '../api/fetch_json.ts';
import { queryClient } from '../api/query_client.ts';
import { CopyButton } from '../panels/copy_button.tsx';
import { Refused } from '../panels/refused.tsx';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { QrCode } from './qr_code.tsx';
import { useAccount } from './use_account.ts';

interface Setup {
  readonly totpURI: string;
  readonly backupCodes: readonly string[];
}

/** Two steps at sign-in: set up with a telephone, with codes for the day it is lost, and taken away again. */
export function SecondFactorPart() {
  const { t } = useTranslation();
  const isOn = useAccount().data?.person?.secondFactor ?? false;
  const [setup, setSetup] = useState<Setup | null>(null);
  const [password, setPassword] = useState('');
  const [done, setDone] = useState(false);
  const { refused, busy, run } = useSending();
  const changed = () => queryClient.invalidateQueries({ queryKey: ['account'] });
  if (setup)
    return (
      <Confirm
        setup={setup}
        confirmed={() => {
          setSetup(null);
          setDone(true);
          void changed();
        }}
      />
    );
  const submit = () =>
    run(async () => {
      if (isOn) await fetchJson('/api/auth/two-factor/disable', { method: 'POST', body: { password } });
      else setSetup(await fetchJson<Setup>('/api/auth/two-factor/enable', { method: 'POST', body: { password } }));
      setPassword('');
      setDone(false);
      if (isOn) await changed();
    });
  return (
    <form
      className={styles.part}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {done ? (
        <p className={styles.good} role="status">
          {t('account.second_done')}
        </p>
      ) : (
        <p className={styles.text}>{t(isOn ? 'account.second_on' : 'account.second_off')}</p>
      )}
      <PasswordInput
        label={t('account.current_password')}
        description={t('account.second_password_why')}
        autoComplete="current-password"
        required
        visibilityToggleButtonProps={{ 'aria-label': t('account.show_password') }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Refused>{refused}</Refused>
      <div>
        <Button type="submit" variant={isOn ? 'default' : 'filled'} size="sm" loading={busy}>
          {t(isOn ? 'account.second_remove' : 'account.second_set_up')}
        </Button>
      </div>
    </form>
  );
}

/** The secret for the telephone, the codes to write down, and the proof that it works. */
function Confirm({ setup, confirmed }: { readonly setup: Setup; readonly confirmed: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const { refused, busy, run } = useSending();
  const secret = new URL(setup.totpURI).searchParams.get('secret') ?? '';
  return (
    <form
      className={styles.part}
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          await fetchJson('/api/auth/two-factor/verify-totp', {
            method: 'POST',
            body: { code: code.replace(/\s/g, '') },
          });
          confirmed();
        });
      }}
    >
      <h3>1. {t('account.second_scan')}</h3>
      <div className={styles.acts}>
        <QrCode text={setup.totpURI} label={t('account.second_qr')} />
        <div className={styles.form}>
          <p className={styles.text}>{t('account.second_by_hand')}</p>
          <span className={styles.secret}>{secret}</span>
          <div className={styles.acts}>
            <Button component="a" href={setup.totpURI}>
              {t('account.second_open_app')}
            </Button>
          </div>
        </div>
      </div>
      <h3>2. {t('account.second_codes')}</h3>
      <div className={styles.aside}>
        <p className={styles.text}>{t('account.second_codes_text')}</p>
        <CopyButton text={setup.backupCodes.join('\n')} label={t('page.copy')} />
      </div>
      <ul className={styles.codes}>
        {setup.backupCodes.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
      <h3>3. {t('account.second_prove')}</h3>
      <TextInput
        label={t('account.code')}
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Refused>{refused}</Refused>
      <div>
        <Button type="submit" variant="filled" size="sm" loading={busy}>
          {t('account.second_turn_on')}
        </Button>
      </div>
    </form>
  );
}
