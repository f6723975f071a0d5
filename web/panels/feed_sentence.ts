import type { TFunction } from 'i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { numberText } from '../i18n/format.ts';
import type { Language } from '../i18n/language.ts';
import { unitText } from '../i18n/unit.ts';
import type { FeedEntry } from '../live/feed.ts';

/** What happened to a feature in words, by the layer's schema: "Siaga 3 → Siaga 2 · waspada tinggi". */
export function toldText(
  entry: Pick<FeedEntry, 'told'>,
  layer: CatalogueLayer,
  language: Language,
  t: TFunction,
): string {
  const { told } = entry;
  if (told.kind === 'inserted') return t('feed.inserted');
  if (told.kind === 'deleted') return t('feed.deleted');
  const attribute = layer.attributes[told.attribute];
  const say = (value: string | number | boolean | null) => {
    if (value === null) return t('page.no_data');
    if (attribute?.kind === 'choice') return attribute.choices[String(value)]?.[language] ?? String(value);
    if (typeof value === 'boolean') return t(value ? 'page.yes' : 'page.no');
    return typeof value === 'number' ? numberText(value, language) : value;
  };
  const unit = attribute && 'unit' in attribute ? unitText(attribute.unit, language) : '';
  // Of what it was, the number alone ("Siaga 3 · waspada"): what it is must be read to its end.
  const [was] = say(told.from).split(' · ');
  const change = `${was} → ${say(told.to)}${unit && ` ${unit}`}`;
  // The state needs no name: its words are the layer's own.
  return told.attribute === layer.state || !attribute ? change : `${attribute.title[language]} ${change}`;
}

/** The whole sentence: "Pos duga air Bedadung – Arjasa: Siaga 3 → Siaga 2". */
export function feedSentence(entry: FeedEntry, layer: CatalogueLayer, language: Language, t: TFunction): string {
  return `${layer.title[language]} ${entry.name || t('list.unnamed')}: ${toldText(entry, layer, language, t)}`;
}
