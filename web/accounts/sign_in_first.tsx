import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ui } from '../panels/ui.ts';
import styles from './accounts.module.css';

interface SignInFirstProps {
  /** Why how one comes in cannot be changed in this session. */
  readonly why: 'unproved' | 'stale';
}

/** Says why how one comes in cannot be changed in this session, with the way to sign in again. */
export function SignInFirst({ why }: SignInFirstProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.form} role="status">
      <p className={styles.waits}>{t(why === 'stale' ? 'account.error_stale' : 'account.error_unproved')}</p>
      <div>
        <Button variant="filled" size="sm" onClick={() => ui.set({ dialog: 'sign_in' })}>
          {t('account.sign_in_again')}
        </Button>
      </div>
    </div>
  );
}
