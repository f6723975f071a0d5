import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Surveyed } from '../../server/ingest/upload/steps.ts';
import type { Field } from '../actions/field.ts';
import { unitText } from '../i18n/unit.ts';
import { useBilingual, useLanguage } from '../panels/use.ts';
import styles from './import.module.css';
import { importing } from './importing.ts';
import { guessedFor, keyTarget, type Wish, withGoing } from './wish.ts';

interface MappingTableProps {
  readonly survey: Surveyed;
  /** What the layer may be given; none for a layer that is to be made. */
  readonly fields: readonly Field[];
  readonly goes: Wish['goes'];
  readonly onGoes: (goes: Wish['goes']) => void;
}

/** The file's fields with examples, and for each what it becomes. */
export function MappingTable({ survey, fields, goes, onGoes }: MappingTableProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const named = (unit: string | undefined) => (unit === undefined ? '' : unitText(unit, language));
  const guessed = guessedFor(survey, importing.get().wish.layer);
  const elsewhere = fields.length > 0 ? t('import.unused') : t('import.as_it_is');
  const targets = [
    { value: keyTarget, label: t('import.key') },
    ...fields.map(({ key, title, unit, required }) => ({
      value: key,
      label: `${say(title)}${named(unit) === '' ? '' : ` (${named(unit)})`}${required ? ' *' : ''}`,
    })),
  ];
  return (
    <table className={styles.mapping}>
      <caption>{t('import.mapping')}</caption>
      <thead>
        <tr>
          <th scope="col" className={styles.head}>
            {t('import.field')}
          </th>
          <th scope="col" className={styles.head}>
            {t('import.becomes')}
          </th>
        </tr>
      </thead>
      <tbody>
        {survey.fields.map(({ name, examples, filled }) => {
          const target = goes[name] ?? '';
          const isPlace = survey.place.includes(name);
          return (
            <tr key={name} data-field={name}>
              <th scope="row" className={styles.name}>
                {name}
                <span className={styles.examples}>{filled === 0 ? t('import.empty_field') : examples.join(' · ')}</span>
              </th>
              <td>
                <NativeSelect
                  aria-label={t('import.becomes_of', { name })}
                  value={target}
                  data={[{ value: '', label: isPlace ? t('import.place') : elsewhere }, ...targets]}
                  onChange={(event) => onGoes(withGoing(goes, name, event.currentTarget.value))}
                />
                {target !== '' && guessed[name] === target && (
                  <span className={styles.guessed}>{t('import.guessed')}</span>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
