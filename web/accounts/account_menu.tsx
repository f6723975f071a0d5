import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconLogin2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ui } from '../panels/ui.ts';
import { AccountItems } from './account_items.tsx';
import styles from './accounts.module.css';
import { useAccount } from './use_account.ts';

/** Who is signed in, or the way in. On a phone there is no room for it: the page's menu holds the same items. */
export function AccountMenu() {
  const { t } = useTranslation();
  const { data } = useAccount();
  if (!data) return null;
  const { person } = data;
  if (!person)
    return (
      <Button
        leftSection={<IconLogin2 size="1rem" aria-hidden="true" />}
        onClick={() => ui.set({ dialog: 'sign_in' })}
        size="compact-sm"
      >
        {t('account.sign_in')}
      </Button>
    );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t('account.menu', { name: person.name })} title={person.name}>
          <span className={styles.initials} aria-hidden="true">
            {initials(person.name)}
          </span>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <AccountItems />
      </Menu.Dropdown>
    </Menu>
  );
}

/** `DK` of Dewi Kartikasari. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0]?.toUpperCase() ?? '').join('');
}
