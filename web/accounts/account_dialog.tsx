import { Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PageDialog } from '../panels/page_dialog.tsx';
import styles from './accounts.module.css';
import { PasskeysPart } from './passkeys_part.tsx';
import { PasswordPart } from './password_part.tsx';
import { SecondFactorPart } from './second_factor_part.tsx';
import { SessionsPart } from './sessions_part.tsx';
import { SignInFirst } from './sign_in_first.tsx';
import { useAccount } from './use_account.ts';

/** One's own account: where one is signed in, and how, which only a session that proved all that there is may change. */
export function AccountDialog() {
  const { t } = useTranslation();
  const { data } = useAccount();
  if (!data) return null;
  const { person, withheld } = data;
  if (person?.changes === 'unproved')
    return (
      <PageDialog title={t('account.mine')} size="40rem">
        <SignInFirst why="unproved" />
        <SessionsPart />
      </PageDialog>
    );
  return (
    <PageDialog title={t('account.mine')} size="40rem">
      {withheld.length > 0 && (
        <p className={styles.waits} role="status">
          {t('account.withheld', {
            count: withheld.length,
            roles: withheld.map((role) => t(`role.${role}`)).join(', '),
          })}
        </p>
      )}
      <Tabs defaultValue={withheld.length > 0 ? 'second' : 'sessions'} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="sessions">{t('account.sessions')}</Tabs.Tab>
          <Tabs.Tab value="second">{t('account.second_short')}</Tabs.Tab>
          <Tabs.Tab value="passkeys">{t('account.passkeys')}</Tabs.Tab>
          <Tabs.Tab value="password">{t('account.password')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="sessions">
          <SessionsPart />
        </Tabs.Panel>
        <Tabs.Panel value="second">
          <SecondFactorPart />
        </Tabs.Panel>
        <Tabs.Panel value="passkeys">
          <PasskeysPart />
        </Tabs.Panel>
        <Tabs.Panel value="password">
          <PasswordPart />
        </Tabs.Panel>
      </Tabs>
    </PageDialog>
  );
}
