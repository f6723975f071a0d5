import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Severity } from '../../server/registry/severity.ts';
import type { LayerFeature } from '../api/feature.ts';
import type { Language } from '../i18n/language.ts';

/** A level from which on a thing is in a state. */
export interface ThresholdLine {
  readonly value: number;
  readonly label: string;
  readonly severity: Severity;
}

/** The thresholds of a feature for one of its quantities, as its layer declares them, the highest first. */
export function thresholdLines(
  layer: CatalogueLayer,
  feature: LayerFeature,
  quantity: string,
  language: Language,
): ThresholdLine[] {
  const { thresholds } = layer.series ?? {};
  const state = layer.state === undefined ? undefined : layer.attributes[layer.state];
  if (thresholds?.of !== quantity || state?.kind !== 'choice') return [];
  return Object.entries(thresholds.by)
    .flatMap(([value, attribute]) => {
      const level = feature.properties[attribute];
      const choice = state.choices[value];
      if (typeof level !== 'number' || !choice) return [];
      return [{ value: level, label: choice[language], severity: choice.severity ?? 'normal' }];
    })
    .toSorted((a, b) => b.value - a.value);
}
