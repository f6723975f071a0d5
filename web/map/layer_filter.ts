import type { FeatureLike } from 'ol/Feature.js';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { filterText, type PageState } from '../state.ts';
import { propertiesOf } from './feature_hit.ts';

type Filters = Pick<PageState, 'filters'>;

/**
 * What the state chooses of a layer. Attributes that the layer does not have (an old address, another role) are left
 * out, or the server would refuse every tile.
 */
function chosen(layer: CatalogueLayer, { filters }: Filters): [attribute: string, values: readonly string[]][] {
  return Object.entries(filters[layer.id] ?? {}).filter(
    ([attribute, values]) => attribute in layer.attributes && values.length > 0,
  );
}

/** The CQL2 text of what the state chooses of a layer; undefined when it chooses nothing. */
export function layerFilter(layer: CatalogueLayer, state: Filters): string | undefined {
  return filterText(Object.fromEntries(chosen(layer, state)), (key) => layer.attributes[key]?.kind === 'boolean');
}

/** Whether what a tile carries of a feature suffices to tell if it is chosen. */
export function tellsFilter(layer: CatalogueLayer, state: Filters): boolean {
  return chosen(layer, state).every(([attribute]) => layer.tile.includes(attribute));
}

/** The same choice by what a tile or an event carries of a feature; the layer must tell. */
export function choiceOf(
  layer: CatalogueLayer,
  state: Filters,
): (properties: Readonly<Record<string, unknown>>) => boolean {
  const terms = chosen(layer, state);
  return (properties) => terms.every(([attribute, values]) => values.includes(String(properties[attribute])));
}

/** The same choice of features that are here already; the layer must tell. */
export function filterOf(layer: CatalogueLayer, state: Filters): (feature: FeatureLike) => boolean {
  if (chosen(layer, state).length === 0) return () => true;
  const chooses = choiceOf(layer, state);
  return (feature) => chooses(propertiesOf(feature));
}
