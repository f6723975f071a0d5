import { Menu } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { roleIs } from '../../server/registry/role.ts';
import { useCatalogue } from '../api/catalogue.ts';
import { ui } from '../panels/ui.ts';

/** The way to the audit trail in the page's menu, for those who oversee it. */
export function AuditItem() {
  const { t } = useTranslation();
  const { data } = useCatalogue();
  if (data?.viewer.name == null || !data.viewer.grants.some(({ role }) => roleIs(role, 'readsAudit'))) return null;
  return (
    <Menu.Item leftSection={<IconHistory size="1rem" aria-hidden="true" />} onClick={() => ui.set({ dialog: 'audit' })}>
      {t('audit.title')}
    </Menu.Item>
  );
}
