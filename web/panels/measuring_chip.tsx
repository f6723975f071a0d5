import { Button } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Measurement } from '../map/measure.ts';
import { map } from '../page.ts';
import type { Store } from '../state.ts';
import styles from './map_area.module.css';
import { isEnded, measuring, stopMeasuring } from './measuring.ts';
import { useStore } from './use.ts';

/** On the map while something is measured there: how to go on, and the ends of it, for a thumb as well. */
export function MeasuringChip() {
  const of = useStore(measuring, (value) => value.of);
  return of && <Running of={of} />;
}

function Running({ of }: { readonly of: Store<Measurement> }) {
  const { t } = useTranslation();
  const done = useStore(of, (value) => value.done);
  const ended = useStore(of, isEnded);
  if (ended) return null;
  return (
    <section className={styles.measuring} aria-label={t('tools.measure')}>
      {!done && <span>{t('tools.measure_tap')}</span>}
      {!done && (
        <Button
          variant="filled"
          leftSection={<IconCheck size="1rem" aria-hidden="true" />}
          onClick={() => map.tools().ruler.finish()}
        >
          {t('tools.measure_finish')}
        </Button>
      )}
      <Button leftSection={<IconX size="1rem" aria-hidden="true" />} onClick={() => stopMeasuring()}>
        {t('tools.measure_remove')}
      </Button>
    </section>
  );
}
