import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isLayerId } from '../../server/ingest/import/layer_id.ts';
import styles from './import.module.css';
import { retitled, type Wish } from './wish.ts';

interface NewLayerProps {
  readonly wish: Wish;
  /** Somebody wanted to go on: what is missing is said. */
  readonly isTried: boolean;
  readonly onChange: (changes: Partial<Wish>) => void;
}

/** What a layer that is to be made is called: its title in both languages, and its id. */
export function NewLayer({ wish, isTried, onChange }: NewLayerProps) {
  const { t } = useTranslation();
  // What was typed stays as it was typed: what cannot be is said at once, and nothing else is put in its place.
  const isIdWrong = (isTried || wish.newId !== '') && !isLayerId(wish.newId);
  return (
    <>
      <div className={styles.pair}>
        <TextInput
          label={t('import.new_title')}
          required
          value={wish.newTitle}
          maxLength={100}
          onChange={(event) => onChange(retitled(wish, event.currentTarget.value))}
          error={isTried && wish.newTitle.trim() === '' ? t('act.error.required') : undefined}
        />
        <TextInput
          label={t('import.new_title_en')}
          placeholder={wish.newTitle}
          value={wish.newTitleEn}
          maxLength={100}
          onChange={(event) => onChange({ newTitleEn: event.currentTarget.value })}
        />
      </div>
      <TextInput
        label={t('import.new_id')}
        required
        value={wish.newId}
        maxLength={48}
        onChange={(event) => onChange({ newId: event.currentTarget.value })}
        error={isIdWrong ? t('import.id_wrong') : undefined}
      />
    </>
  );
}
