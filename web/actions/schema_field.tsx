import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { numberText, zoneName } from '../i18n/format.ts';
import { unitText } from '../i18n/unit.ts';
import { useBilingual, useLanguage } from '../panels/use.ts';
import styles from './actions.module.css';
import type { Field } from './field.ts';

interface SchemaFieldProps {
  readonly field: Field;
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
  /** Already in words. */
  readonly error: string | undefined;
  /** What stands there when nothing is entered. */
  readonly placeholder?: string;
  /** What a blank choice means: that there is no value, or that it stays as it is. */
  readonly blank?: 'none' | 'unchanged';
}

/** From this length on a text has room for several lines. */
const longText = 250;

/** One field of a form as its schema describes it: its words above, the unit inside, the limits below. */
export function SchemaField({ field, draft, onDraft, error, placeholder = '', blank = 'none' }: SchemaFieldProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const limits = useLimits(field);
  const nothing = { value: '', label: t(blank === 'none' ? 'act.none_chosen' : 'act.unchanged') };
  const unit = unitText(field.unit, language);
  const shared = {
    label: say(field.title),
    description: field.description ? say(field.description) : limits,
    error,
    required: field.required,
    value: draft,
    'data-field': field.key,
    styles: {
      label: { marginBottom: '0.25rem' },
      description: { marginTop: '0.25rem' },
      error: { marginTop: '0.25rem' },
    },
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
    onChange: (event: { currentTarget: { value: string } }) => onDraft(event.currentTarget.value),
  };
  switch (field.kind) {
    case 'choice':
      return (
        <NativeSelect
          {...shared}
          data={[nothing, ...field.choices.map(([value, choice]) => ({ value, label: say(choice) }))]}
        />
      );
    case 'boolean':
      return (
        <NativeSelect
          {...shared}
          data={[nothing, { value: 'true', label: t('page.yes') }, { value: 'false', label: t('page.no') }]}
        />
      );
    case 'number':
    case 'integer':
      return (
        <TextInput
          {...shared}
          // A comma is how people here write a decimal; the value has a point.
          onChange={(event) => onDraft(event.currentTarget.value.replace(',', '.'))}
          value={language === 'id' ? draft.replace('.', ',') : draft}
          inputMode={field.kind === 'integer' && (field.min ?? -1) >= 0 ? 'numeric' : 'decimal'}
          placeholder={placeholder}
          rightSection={unit ? <span className={styles.unit}>{unit}</span> : null}
          rightSectionWidth={unit ? `${Math.min(unit.length * 0.5 + 1.25, 8)}rem` : undefined}
          autoComplete="off"
        />
      );
    case 'instant':
      return (
        <TextInput {...shared} type="datetime-local" rightSection={<span className={styles.unit}>{zoneName()}</span>} />
      );
    case 'date':
      return <TextInput {...shared} type="date" />;
    default:
      return (field.maxLength ?? 0) >= longText ? (
        <Textarea {...shared} autosize minRows={2} maxRows={8} placeholder={placeholder} />
      ) : (
        <TextInput {...shared} placeholder={placeholder} autoComplete="off" />
      );
  }
}

function useLimits({ min, max }: Field): string | undefined {
  const { t } = useTranslation();
  const language = useLanguage();
  const text = (value: number) => numberText(value, language);
  if (min !== undefined && max !== undefined) return t('act.limits', { min: text(min), max: text(max) });
  if (min !== undefined) return t('act.at_least', { min: text(min) });
  return max === undefined ? undefined : t('act.at_most', { max: text(max) });
}
