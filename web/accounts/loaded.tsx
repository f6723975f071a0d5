import { Button, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import styles from './accounts.module.css';

interface LoadedProps<T> {
  readonly query: { readonly data: T | undefined; readonly isError: boolean; readonly refetch: () => unknown };
  readonly children: (data: T) => React.ReactNode;
}

/** What was asked for, or that it is on its way, or that it could not be read. */
export function Loaded<T>({ query: { data, isError, refetch }, children }: LoadedProps<T>) {
  const { t } = useTranslation();
  if (data !== undefined) return children(data);
  if (isError)
    return (
      <div className={styles.acts} role="alert">
        <p className={styles.text}>{t('account.not_read')}</p>
        <Button onClick={() => void refetch()}>{t('page.retry')}</Button>
      </div>
    );
  return (
    <div className={styles.form} aria-busy="true">
      <Skeleton height="2.5rem" />
      <Skeleton height="2.5rem" />
    </div>
  );
}
