import { Menu } from '@mantine/core';
import { IconLogin2, IconLogout, IconUserCog, IconUsersGroup } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { fetchJson } from '../api/fetch_json.ts';
import { ui } from '../panels/ui.ts';
import styles from './accounts.module.css';
import { areaNames } from './area_names.ts';
import { whereHeld } from './roles.ts';
import { beginAnew, useAccount } from './use_account.ts';

/** Who is signed in, with the way to the account and out; for a visitor the way in. Items of a menu. */
export function AccountItems() {
  const { t } = useTranslation();
  const { data } = useAccount();
  if (!data) return null;
  const { person, grants, isAdmin } = data;
  const areas = areaNames(data.areas);
  if (!person)
    return (
      <Menu.Item
        leftSection={<IconLogin2 size="1rem" aria-hidden="true" />}
        onClick={() => ui.set({ dialog: 'sign_in' })}
      >
        {t('account.sign_in')}
      </Menu.Item>
    );
  const signOut = async () => {
    await fetchJson('/api/auth/sign-out', { method: 'POST', body: {} }).catch(() => {}); // the page that begins anew shows whether it worked
    beginAnew();
  };
  return (
    <>
      <Menu.Label component="div" p={0} c="inherit" fz="inherit">
        <span className={styles.who}>
          <strong>{person.name}</strong>
          <span>{person.email}</span>
          {grants.map((grant) => (
            <span key={JSON.stringify(grant)}>
              {[t(`role.${grant.role}`), whereHeld(grant, { areas, polygon: t('admin.in_polygon') })]
                .filter(Boolean)
                .join(' · ')}
            </span>
          ))}
        </span>
      </Menu.Label>
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconUserCog size="1rem" aria-hidden="true" />}
        onClick={() => ui.set({ dialog: 'account' })}
      >
        {t('account.mine')}
      </Menu.Item>
      {isAdmin && (
        <Menu.Item
          leftSection={<IconUsersGroup size="1rem" aria-hidden="true" />}
          onClick={() => ui.set({ dialog: 'admin' })}
        >
          {t('account.people_and_roles')}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item leftSection={<IconLogout size="1rem" aria-hidden="true" />} onClick={() => void signOut()}>
        {t('account.sign_out')}
      </Menu.Item>
    </>
  );
}
