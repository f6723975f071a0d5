import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Surveyed } from '../../server/ingest/upload/steps.ts';
import type { Field } from '../actions/field.ts';
import { unitText } from '../i18n/unit.ts';
import { useBilingual, useLanguage } from '../panels/use.ts';
import styles from './import.module.css';
import { type Becoming, NewColumn } from './new_column.tsx';
import { guessedFor, keyTarget, type Wish, withGoing } from './wish.ts';

interface MappingTableProps {
  readonly survey: Surveyed;
  /** What the layer may be given; null for a layer that is to be made. */
  readonly fields: readonly Field[] | null;
  readonly wish: Wish;
  readonly onChange: (changes: Partial<Wish>) => void;
}

/** The file's fields with examples, and for each what it becomes. */
export function MappingTable({ survey, fields, wish, onChange }: MappingTableProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const named = (unit: string | undefined) => (unit === undefined ? '' : unitText(unit, language));
  const { goes, kinds } = wish;
  const guessed = guessedFor(survey, wish.layer);
  const become = (field: string, becoming: Becoming) => {
    const { [field]: _, ...others } = kinds;
    const isKind = becoming !== '' && becoming !== keyTarget;
    onChange({
      goes: withGoing(goes, field, becoming === keyTarget ? keyTarget : ''),
      kinds: isKind ? { ...others, [field]: becoming } : others,
    });
  };
  const targets = [
    { value: keyTarget, label: t('import.key') },
    ...(fields ?? []).map(({ key, title, unit, required }) => ({
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
        {survey.fields.map((field) => {
          const { name, examples, filled } = field;
          const target = goes[name] ?? '';
          const isPlace = survey.place.includes(name);
          return (
            <tr key={name} data-field={name}>
              <th scope="row" className={styles.name}>
                {name}
                <span className={styles.examples}>{filled === 0 ? t('import.empty_field') : examples.join(' · ')}</span>
              </th>
              <td>
                {fields === null ? (
                  <NewColumn
                    {...{ field, isPlace }}
                    becoming={target === keyTarget ? keyTarget : (kinds[name] ?? '')}
                    onBecoming={(becoming) => become(name, becoming)}
                  />
                ) : (
                  <NativeSelect
                    aria-label={t('import.becomes_of', { name })}
                    value={target}
                    data={[{ value: '', label: t(isPlace ? 'import.place' : 'import.unused') }, ...targets]}
                    onChange={(event) => onChange({ goes: withGoing(goes, name, event.currentTarget.value) })}
                  />
                )}
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
