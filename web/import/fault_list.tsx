import { Button } from '@mantine/core';
import { IconTableDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '../../server/ingest/import/report.ts';
import { useBilingual } from '../panels/use.ts';
import styles from './import.module.css';
import { reasonText } from './reason_text.ts';

interface FaultListProps {
  readonly faults: readonly Fault[];
  /** The upload, whose rows can be fetched with their reasons. */
  readonly upload: string | null;
}

/** The rows that were not taken as they are, by number, with the reason; and all of them as a table to mend. */
export function FaultList({ faults, upload }: FaultListProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  if (faults.length === 0) return null;
  return (
    <div className={styles.faults}>
      <h3>{t('import.faults')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <section className={styles.scroll} tabIndex={0} aria-label={t('import.faults')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('import.row')}</th>
              <th scope="col">{t('import.reason')}</th>
            </tr>
          </thead>
          <tbody>
            {faults.map(({ row, reason, words }, index) => (
              <tr key={`${row}/${index.toString()}`}>
                <td>{row}</td>
                <td>{words ? say(words) : reasonText(t, reason)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {upload !== null && (
        <Button
          component="a"
          href={`/api/imports/${upload}/rejected.csv`}
          download="ditolak.csv"
          leftSection={<IconTableDown size="1rem" aria-hidden="true" />}
        >
          {t('import.faults_csv')}
        </Button>
      )}
    </div>
  );
}
