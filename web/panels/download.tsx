import { Button, Menu } from '@mantine/core';
import { IconDownload, IconMap2, IconTable } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { exportAddress, type ItemsQuery } from '../api/items.ts';
import { numberText } from '../i18n/format.ts';
import { useLanguage } from './use.ts';

const formats = [
  ['geojson', IconMap2],
  ['csv', IconTable],
] as const;

interface DownloadProps {
  readonly query: ItemsQuery;
  /** How many features the file will have. */
  readonly count: number | undefined;
}

/** Saves all that is asked for as a file, saying how much that is. */
export function Download({ query, count }: DownloadProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button leftSection={<IconDownload size="1rem" aria-hidden="true" />} disabled={count === 0}>
          {t('layers.download', { formatted: count === undefined ? '…' : numberText(count, language) })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {query.filter && <Menu.Label>{t('layers.download_filtered')}</Menu.Label>}
        {formats.map(([format, Icon]) => (
          <Menu.Item
            key={format}
            component="a"
            href={exportAddress(query, format)}
            download
            leftSection={<Icon size="1rem" aria-hidden="true" />}
          >
            {t(`layers.download_${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
