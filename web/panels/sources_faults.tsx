import { useTranslation } from 'react-i18next';
import type { ShownFault } from '../../server/ingest/pull/feed_reports.ts';
import { instantText, numberText } from '../i18n/format.ts';
import styles from './sources.module.css';
import { useLanguage } from './use.ts';

/** The records that could not be used, newest first, with why and as they came. */
export function SourceFaults({ faults }: { readonly faults: readonly ShownFault[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <details className={styles.faults}>
      <summary>{t('sources.faults', { formatted: numberText(faults.length, language) })}</summary>
      <ol>
        {faults.map(({ at, times, key, reason, record }) => (
          <li key={`${at}/${key}/${reason}/${record}`}>
            <p className={styles.reason}>{reason}</p>
            <p className={styles.note}>
              {instantText(Date.parse(at), language)}
              {times > 1 && <> · {t('sources.times', { formatted: numberText(times, language) })}</>}
              {key !== null && <> · {key}</>}
            </p>
            {record !== null && (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard
              <section className={styles.record} tabIndex={0} aria-label={t('sources.record')}>
                {record}
              </section>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}
