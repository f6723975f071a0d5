import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import styles from './import.module.css';
import { survey } from './importing.ts';
import type { Wish } from './wish.ts';

interface ReadingOptionsProps {
  readonly wish: Wish;
  /** Whether the viewer may place things outside the region. */
  readonly mayAnywhere: boolean;
  readonly onChange: (changes: Partial<Wish>) => void;
}

/** How the file is to be understood where it does not say: folded away, for most files need none of it. */
export function ReadingOptions({ wish, mayAnywhere, onChange }: ReadingOptionsProps) {
  const { t } = useTranslation();
  return (
    <details className={styles.options}>
      <summary>{t('import.options')}</summary>
      <div className={styles.form}>
        <div className={styles.pair}>
          <TextInput
            label={t('import.srs')}
            placeholder="EPSG:32749"
            value={wish.srs}
            maxLength={20}
            onChange={(event) => onChange({ srs: event.currentTarget.value })}
          />
          <NativeSelect
            label={t('import.numbers')}
            value={wish.numbers}
            data={[
              { value: '', label: t('import.as_clear') },
              { value: 'id', label: '1.234,5' },
              { value: 'en', label: '1,234.5' },
            ]}
            onChange={(event) => onChange({ numbers: event.currentTarget.value as Wish['numbers'] })} // of the list above
          />
        </div>
        <div>
          <Button onClick={() => void survey()}>{t('import.read_again')}</Button>
        </div>
        <NativeSelect
          label={t('import.dates')}
          value={wish.dates}
          data={[
            { value: '', label: t('import.as_clear') },
            { value: 'dmy', label: t('import.day_first') },
            { value: 'mdy', label: t('import.month_first') },
          ]}
          onChange={(event) => onChange({ dates: event.currentTarget.value as Wish['dates'] })} // of the list above
        />
        <Checkbox
          label={t('import.unlocated')}
          checked={wish.unlocated}
          onChange={(event) => onChange({ unlocated: event.currentTarget.checked })}
        />
        {mayAnywhere && (
          <Checkbox
            label={t('import.anywhere')}
            checked={wish.anywhere}
            onChange={(event) => onChange({ anywhere: event.currentTarget.checked })}
          />
        )}
      </div>
    </details>
  );
}
