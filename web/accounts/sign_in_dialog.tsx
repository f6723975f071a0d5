import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchJson } from '../api/fetch_json.ts';
import { PageDialog } from '../panels/page_dialog.tsx';
import { Refused } from '../panels/refused.tsx';
import { useSending } from '../panels/use_sending.ts';
import styles from './accounts.module.css';
import { asked } from './asked.ts';
import { CodeStep } from './code_step.tsx';
import { DemoPeople } from './demo_people.tsx';
import { ForgottenStep } from './forgotten_step.tsx';
import { hasPasskeys, signInByPasskey } from './passkey.ts';
import { beginAnew, useAccount } from './use_account.ts';

type Step = 'password' | 'code' | 'forgotten';

/** Signing in: address and password, then the second factor of who has one; or a passkey, or the regency's own sign-on. */
export function SignInDialog() {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>('password');
  const [email, setEmail] = useState(useAccount().data?.person?.email ?? ''); // whoever signs in again
  return (
    <PageDialog title={t(`account.title_${step}`)}>
      {step === 'password' && <PasswordStep email={email} setEmail={setEmail} go={setStep} />}
      {step === 'code' && <CodeStep back={() => setStep('password')} />}
      {step === 'forgotten' && <ForgottenStep email={email} back={() => setStep('password')} />}
    </PageDialog>
  );
}

interface PasswordStepProps {
  readonly email: string;
  readonly setEmail: (email: string) => void;
  readonly go: (step: Step) => void;
}

function PasswordStep({ email, setEmail, go }: PasswordStepProps) {
  const { t } = useTranslation();
  const { data } = useAccount();
  const [password, setPassword] = useState('');
  const { refused, busy, run } = useSending({ first: asked.ssoFailed ? t('account.error_sso') : null });
  const signIn = (address: string, secret: string) =>
    run(async () => {
      const answer = await fetchJson<{ twoFactorRedirect?: boolean }>('/api/auth/sign-in/email', {
        method: 'POST',
        body: {
          email: address.trim(),
          password: secret,
        },
      });
      if (answer.twoFactorRedirect) go('code');
      else beginAnew();
    });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void signIn(email, password);
      }}
    >
      <TextInput
        label={t('account.email')}
        type="email"
        name="email"
        autoComplete="username"
        required
        data-autofocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('account.password')}
        name="password"
        autoComplete="current-password"
        required
        visibilityToggleButtonProps={{ 'aria-label': t('account.show_password') }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Refused>{refused}</Refused>
      <div className={styles.apart}>
        <Button type="submit" variant="filled" size="sm" loading={busy}>
          {t('account.sign_in')}
        </Button>
        <Anchor component="button" type="button" size="sm" onClick={() => go('forgotten')}>
          {t('account.forgotten')}
        </Anchor>
      </div>
      {(hasPasskeys || data?.sso) && <div className={styles.or}>{t('account.or')}</div>}
      {hasPasskeys && (
        <Button size="sm" onClick={() => run(async () => void ((await signInByPasskey()) && beginAnew()))}>
          {t('account.by_passkey')}
        </Button>
      )}
      {data?.sso && <SsoButton {...data.sso} run={run} />}
      {data && data.demo.length > 0 && <DemoPeople people={data.demo} choose={signIn} />}
    </form>
  );
}

interface SsoButtonProps {
  readonly provider: string;
  readonly name: string;
  readonly run: (act: () => Promise<void>) => Promise<void>;
}

function SsoButton({ provider, name, run }: SsoButtonProps) {
  const { t } = useTranslation();
  return (
    <Button
      size="sm"
      onClick={() =>
        run(async () => {
          const { url } = await fetchJson<{ url: string }>('/api/auth/sign-in/social', {
            method: 'POST',
            body: {
              provider,
              callbackURL: '/',
              errorCallbackURL: '/?account=sso',
            },
          });
          location.assign(url);
        })
      }
    >
      {t('account.by_sso', { name })}
    </Button>
  );
}
