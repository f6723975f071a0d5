import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { PageDialog } from '../panels/page_dialog.tsx';
import { useBilingual } from '../panels/use.ts';
import styles from './audit.module.css';
import { AuditTable } from './audit_table.tsx';
import { ChainCheck } from './chain_check.tsx';
import { type AuditFilter, auditFile, useAudit } from './use_audit.ts';

const everything: AuditFilter = { person: '', layer: '', feature: '', from: '', to: '' };
const typingMs = 400;

/** The page of those who oversee: who did what, by person, feature and time. */
export function AuditDialog() {
  const { t } = useTranslation();
  const say = useBilingual();
  const { data: catalogue } = useCatalogue();
  const [filter, setFilter] = useState(everything);
  const [asked] = useDebouncedValue(filter, typingMs);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useAudit(asked);
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  const field = (key: keyof AuditFilter) => ({
    value: filter[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setFilter((all) => ({ ...all, [key]: value }));
    },
  });
  return (
    <PageDialog title={t('audit.title')} size="72rem">
      <div className={styles.page}>
        <search className={styles.filters}>
          <TextInput label={t('audit.person')} {...field('person')} />
          <NativeSelect
            label={t('audit.layer')}
            {...field('layer')}
            data={[
              { value: '', label: t('audit.all_layers') },
              ...(catalogue?.layers ?? []).map(({ id, title }) => ({ value: id, label: say(title) })),
            ]}
          />
          <TextInput label={t('audit.feature')} inputMode="numeric" {...field('feature')} />
          <TextInput label={t('audit.from')} type="datetime-local" {...field('from')} />
          <TextInput label={t('audit.to')} type="datetime-local" {...field('to')} />
        </search>
        <div className={styles.acts}>
          <ChainCheck />
          <Button
            component="a"
            href={auditFile(asked)}
            download
            leftSection={<IconDownload size="1rem" aria-hidden="true" />}
          >
            {t('audit.download')}
          </Button>
        </div>
        {error ? (
          <div className={styles.state} role="alert">
            {t('audit.failed')} <Button onClick={() => void refetch()}>{t('page.retry')}</Button>
          </div>
        ) : !data ? (
          <p className={styles.state} role="status">
            {t('status.loading')}
          </p>
        ) : entries.length === 0 ? (
          <p className={styles.state} role="status">
            {t('audit.empty')}
          </p>
        ) : (
          <AuditTable entries={entries} layers={catalogue?.layers ?? []} />
        )}
        {hasNextPage && (
          <div className={styles.more}>
            <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('audit.more')}
            </Button>
          </div>
        )}
      </div>
    </PageDialog>
  );
}
