import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSources } from '../api/sources.ts';
import notice from './notice.module.css';
import styles from './sources.module.css';
import { SourceCard } from './sources_card.tsx';
import { DoorCard } from './sources_doors.tsx';

const watchMs = 5_000;

/** Where the data come from: the outside feeds and the doors of devices, how they do, and what to do about it. */
export function SourcesPanel() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useSources(watchMs);
  if (isPending) return <Skeleton height="12rem" aria-label={t('list.loading')} />;
  if (!data)
    return (
      <div className={notice.notice} role="alert">
        <IconAlertTriangle size="1.5rem" aria-hidden="true" />
        <strong>{t('sources.failed')}</strong>
        {t('sources.failed_kept')}
        <span className={notice.reason}>{error.message}</span>
        <Button onClick={() => void refetch()}>{t('page.retry')}</Button>
      </div>
    );
  const { feeds, manage, doors, raw } = data;
  const pulled = feeds.filter(({ enabled }) => enabled);
  const others = feeds.filter(({ enabled }) => !enabled);
  return (
    <div className={styles.panel}>
      <h2>{t('rail.sources')}</h2>
      {error && <p className={styles.old}>{t('sources.old', { reason: error.message })}</p>}
      <section aria-label={t('sources.outside')}>
        <h3>{t('sources.outside')}</h3>
        {pulled.length === 0 && (
          <p className={styles.note}>
            {t('sources.none')} <code>FEEDS=all</code>
          </p>
        )}
        {pulled.map((feed) => (
          <SourceCard key={feed.id} feed={feed} manage={manage} />
        ))}
      </section>
      {doors && (
        <section aria-label={t('sources.doors')}>
          <h3>{t('sources.doors')}</h3>
          {doors.map((door) => (
            <DoorCard key={door.id} door={door} />
          ))}
          {raw && <p className={styles.note}>{t(`sources.raw_${raw.kept}`)}</p>}
          {raw && raw.lost > 0 && <p className={styles.note}>{t('sources.raw_lost', { count: raw.lost })}</p>}
        </section>
      )}
      {others.length > 0 && (
        <section aria-label={t('sources.others')}>
          <h3>{t('sources.others')}</h3>
          {others.map((feed) => (
            <SourceCard key={feed.id} feed={feed} manage={false} />
          ))}
        </section>
      )}
    </div>
  );
}
