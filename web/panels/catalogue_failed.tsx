import { Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import styles from './notice.module.css';

/** The catalogue could not be read: what happened, what still works, and a way to try at once. */
export function CatalogueFailed() {
  const { t } = useTranslation();
  const { error, failureReason, refetch } = useCatalogue();
  const reason = error ?? failureReason;
  return (
    <div className={styles.notice} role="alert">
      <IconCloudOff size="1.5rem" aria-hidden="true" />
      <strong>{t('catalogue.failed')}</strong>
      <span>{t('catalogue.failed_first')}</span>
      {reason && <span className={styles.reason}>{t('catalogue.reason', { reason: reason.message })}</span>}
      <Button onClick={() => void refetch()}>{t('page.retry')}</Button>
    </div>
  );
}
