import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attribute } from '../../server/registry/attribute.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Severity } from '../../server/registry/severity.ts';
import { useChoiceCounts } from '../api/items.ts';
import { compactText } from '../i18n/format.ts';
import { layerFilter } from '../map/layer_filter.ts';
import { pageState } from '../page.ts';
import { showLayer, toggleChoice } from './actions.ts';
import styles from './layers.module.css';
import { StateDot } from './symbol.tsx';
import { useBilingual, useLanguage, usePage } from './use.ts';

const firstShown = 8;

interface ChoiceFilterProps {
  readonly layer: CatalogueLayer;
  readonly name: string;
  readonly attribute: Extract<Attribute, { kind: 'choice' | 'boolean' }>;
}

/** The values of one attribute as chips with their counts; several chosen values mean any of them. */
export function ChoiceFilter({ layer, name, attribute }: ChoiceFilterProps) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const [all, setAll] = useState(false);
  const chosen = usePage('filters')[layer.id]?.[name] ?? [];
  const values: readonly [value: string, label: string, severity?: Severity | undefined][] =
    attribute.kind === 'boolean'
      ? [
          ['true', t('page.yes')],
          ['false', t('page.no')],
        ]
      : Object.entries(attribute.choices).map(([value, choice]) => [value, say(choice), choice.severity]);
  const visible = all ? values : values.filter(([value], index) => index < firstShown || chosen.includes(value));
  const counts = useChoiceCounts(
    layer.id,
    visible.map(([value]) => layerFilter(layer, { filters: { [layer.id]: { [name]: [value] } } }) ?? ''),
  );
  return (
    <fieldset className={styles.choices}>
      <legend>{say(attribute.title)}</legend>
      {visible.map(([value, label, severity], index) => (
        <button
          key={value}
          type="button"
          className={styles.chip}
          aria-pressed={chosen.includes(value)}
          data-empty={counts[index] === 0}
          onClick={() => {
            showLayer(pageState, layer.id);
            toggleChoice(pageState, layer.id, name, value);
          }}
        >
          {severity && <StateDot severity={severity} />}
          {label}
          <span className={styles.chipCount}>
            {counts[index] === undefined ? '' : compactText(counts[index], language)}
          </span>
        </button>
      ))}
      {values.length > firstShown && (
        <button type="button" className={styles.chipMore} onClick={() => setAll(!all)}>
          {all ? t('layers.less') : t('layers.more', { count: values.length - visible.length })}
        </button>
      )}
    </fieldset>
  );
}
