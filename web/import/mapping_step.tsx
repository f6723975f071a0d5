import { Button, NativeSelect } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isLayerId } from '../../server/ingest/import/layer_id.ts';
import { useCatalogue } from '../api/catalogue.ts';
import { numberText } from '../i18n/format.ts';
import { useBilingual, useLanguage, useStore } from '../panels/use.ts';
import { EncodingNote } from './encoding_note.tsx';
import styles from './import.module.css';
import { importing, tryOut } from './importing.ts';
import { MappingTable } from './mapping_table.tsx';
import { NewLayer } from './new_layer.tsx';
import { ReadingOptions } from './reading_options.tsx';
import { importFields } from './target_fields.ts';
import { guessedFor, type Wish } from './wish.ts';

/** Where the file goes, and which of its fields becomes what. */
export function MappingStep() {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const layers = useCatalogue().data?.layers ?? [];
  const survey = useStore(importing, (value) => value.survey);
  const wish = useStore(importing, (value) => value.wish);
  const [tried, setTried] = useState(false);
  if (!survey) return null;
  const layer = layers.find(({ id }) => id === wish.layer);
  const fields = layer ? importFields(layer) : [];
  const missing = fields.filter(({ key, required }) => required && !Object.values(wish.goes).includes(key));
  const isNew = wish.layer === '' && survey.may_make_layer;
  const isUnchosen = wish.layer === '' && !isNew;
  const isWrong =
    isUnchosen || missing.length > 0 || (isNew && (wish.newTitle.trim() === '' || !isLayerId(wish.newId)));
  const change = (changes: Partial<Wish>) => importing.set({ wish: { ...wish, ...changes } });
  const guessed = survey.layers.flatMap((guess) => layers.find(({ id }) => id === guess.layer) ?? []);

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    setTried(true);
    const form = event.currentTarget;
    if (!isWrong) void tryOut(fields.map(({ key }) => key));
    // After the page has marked it: on a phone what is wrong may be far above the button.
    else setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <p className={styles.small}>
        {t('import.found', {
          ...{ format: survey.format, crs: survey.crs, formatted: numberText(survey.count, language) },
        })}
      </p>
      <EncodingNote />
      {guessed.length === 0 && !survey.may_make_layer && <p className={styles.note}>{t('import.fits_nothing')}</p>}
      <NativeSelect
        label={t('import.layer')}
        value={wish.layer}
        data={[
          ...(isUnchosen ? [{ value: '', label: t('import.choose_one') }] : []),
          ...guessed.map(({ id, title }) => ({ value: id, label: say(title) })),
          ...(survey.may_make_layer ? [{ value: '', label: t('import.new_layer') }] : []),
        ]}
        error={tried && isUnchosen ? t('import.choose_layer') : undefined}
        onChange={(event) => {
          const { value } = event.currentTarget;
          change({ layer: value, goes: guessedFor(survey, value) });
        }}
      />
      {isNew && <NewLayer wish={wish} isTried={tried} onChange={change} />}
      {!isUnchosen && <MappingTable survey={survey} fields={isNew ? null : fields} wish={wish} onChange={change} />}
      {tried && missing.length > 0 && (
        <p className={styles.fault} role="alert">
          {t('import.missing', { names: missing.map(({ title }) => say(title)).join(', ') })}
        </p>
      )}
      <ReadingOptions wish={wish} mayAnywhere={survey.may_make_layer} onChange={change} />
      <div className={styles.buttons}>
        <Button type="submit" variant="filled">
          {t('import.try')}
        </Button>
      </div>
    </form>
  );
}
