import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type AskedKind, askedKinds } from '../../server/ingest/import/asked_kind.ts';
import type { SurveyedField } from '../../server/ingest/upload/steps.ts';
import styles from './import.module.css';
import { keyTarget } from './wish.ts';

/** What a column of a new layer becomes: what its values say, a kind that was chosen over them, or the key. */
export type Becoming = '' | typeof keyTarget | AskedKind;

interface NewColumnProps {
  readonly field: SurveyedField;
  readonly isPlace: boolean;
  readonly becoming: Becoming;
  readonly onBecoming: (becoming: Becoming) => void;
}

/** The choice of what a column of a new layer becomes; where one odd value decides, that is said. */
export function NewColumn({ field: { name, kind, odd }, isPlace, becoming, onBecoming }: NewColumnProps) {
  const { t } = useTranslation();
  const inferred = isPlace ? t('import.place') : kind === null ? t('import.unused') : t(`import.kind_${kind}`);
  const others = isPlace || kind === null ? [] : askedKinds.filter((each) => each !== kind);
  return (
    <>
      <NativeSelect
        aria-label={t('import.becomes_of', { name })}
        value={becoming}
        data={[
          { value: '', label: inferred },
          ...others.map((each) => ({ value: each, label: t(`import.kind_${each}`) })),
          { value: keyTarget, label: t('import.key') },
        ]}
        onChange={(event) => onBecoming(event.currentTarget.value as Becoming)} // of the list above
      />
      {becoming === '' && odd && !isPlace && kind !== null && (
        <span className={styles.odd}>
          {t('import.odd', { kind: inferred, value: odd.value, row: odd.row, other: t(`import.kind_${odd.kind}`) })}
        </span>
      )}
    </>
  );
}
