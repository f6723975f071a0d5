import { Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PageDialog } from '../panels/page_dialog.tsx';
import { KeysPart } from './keys_part.tsx';
import { MatrixPart } from './matrix_part.tsx';
import { PeoplePart } from './people_part.tsx';

/** For admins: people and their roles, keys of machines, and who sees what. */
export function AdminDialog() {
  const { t } = useTranslation();
  return (
    <PageDialog title={t('account.people_and_roles')} size="72rem">
      <Tabs defaultValue="people" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="people">{t('admin.people')}</Tabs.Tab>
          <Tabs.Tab value="keys">{t('admin.keys')}</Tabs.Tab>
          <Tabs.Tab value="matrix">{t('admin.matrix')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people">
          <PeoplePart />
        </Tabs.Panel>
        <Tabs.Panel value="keys">
          <KeysPart />
        </Tabs.Panel>
        <Tabs.Panel value="matrix">
          <MatrixPart />
        </Tabs.Panel>
      </Tabs>
    </PageDialog>
  );
}
