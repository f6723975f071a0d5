import type { Attribute } from '../../server/registry/attribute.ts';
import { numberText } from '../i18n/format.ts';
import type { Language } from '../i18n/language.ts';
import { unitText } from '../i18n/unit.ts';

const compact = {
  id: new Intl.NumberFormat('id-ID', { notation: 'compact' }),
  en: new Intl.NumberFormat('en-GB', { notation: 'compact' }),
};
/** Words short enough for the map where the panels write them out. */
const shortUnits: Readonly<Record<string, Readonly<Record<Language, string>>>> = { '{bed}': { id: 'bed', en: 'beds' } };

/** A count short enough for a cluster: `999`, `1,2 rb`, `3,4 jt` (English `1.2k`, `3.4m`). */
export function shortCount(count: number, language: Language): string {
  return count < 1000 ? String(count) : compact[language].format(count).toLowerCase().replaceAll('\u00a0', ' ');
}

/** A value as it is written beside a symbol: `210 cm`, `12 bed`, a choice by its title; empty when there is none. */
export function valueLabel(
  value: string | number | boolean | undefined,
  attribute: Attribute,
  language: Language,
): string {
  if (value === undefined) return '';
  if (attribute.kind === 'choice') return attribute.choices[String(value)]?.[language] ?? String(value);
  if (typeof value !== 'number') return String(value);
  const code = 'unit' in attribute ? attribute.unit : undefined;
  const unit = shortUnits[code ?? '']?.[language] ?? unitText(code, language);
  return `${numberText(value, language)}${unit === '' || unit === '%' || unit === '°' ? '' : '\u00a0'}${unit}`;
}
