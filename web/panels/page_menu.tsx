import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconApi,
  IconDatabase,
  IconDotsVertical,
  IconInfoCircle,
  IconKeyboard,
  IconLink,
  IconPhotoDown,
  IconRss,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { AccountItems } from '../accounts/account_items.tsx';
import { AuditItem } from '../audit/audit_item.tsx';
import { permalink } from '../map/permalink.ts';
import { pageState } from '../page.ts';
import { copyText } from './copy_text.ts';
import { exportPicture } from './export_picture.ts';
import { openPanel, ui } from './ui.ts';
import { useLayout } from './use.ts';

/** Everything that is wanted now and then. */
export function PageMenu() {
  const { t } = useTranslation();
  const phone = useLayout() === 'phone';
  const copyLink = async () => {
    const copied = await copyText(`${location.origin}${location.pathname}${permalink(pageState.get())}`);
    if (copied) notifications.show({ message: t('page.copied'), color: 'accent', autoClose: 2000 });
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('top.menu')}>
          <ActionIcon aria-label={t('top.menu')}>
            <IconDotsVertical size="1.125rem" aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {phone && (
          <>
            <AccountItems />
            <Menu.Divider />
          </>
        )}
        <Menu.Item leftSection={<IconPhotoDown size="1rem" aria-hidden="true" />} onClick={() => void exportPicture()}>
          {t('top.export')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLink size="1rem" aria-hidden="true" />} onClick={() => void copyLink()}>
          {t('top.copy_link')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconRss size="1rem" aria-hidden="true" />}
          rightSection={<kbd>S</kbd>}
          onClick={() => openPanel('sources')}
        >
          {t('rail.sources')}
        </Menu.Item>
        <AuditItem />
        <Menu.Item
          component="a"
          href="/api/docs"
          target="_blank"
          leftSection={<IconApi size="1rem" aria-hidden="true" />}
        >
          {t('top.api')}
        </Menu.Item>
        <Menu.Item
          component="a"
          href="/ogc?f=html"
          target="_blank"
          leftSection={<IconDatabase size="1rem" aria-hidden="true" />}
        >
          {t('top.ogc')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconKeyboard size="1rem" aria-hidden="true" />}
          rightSection={<kbd>?</kbd>}
          onClick={() => ui.set({ dialog: 'keys' })}
        >
          {t('top.keys')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconInfoCircle size="1rem" aria-hidden="true" />}
          onClick={() => ui.set({ dialog: 'about' })}
        >
          {t('top.about')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
