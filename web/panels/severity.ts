import type { Severity } from '../../server/registry/attribute.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { worstFirst } from '../map/severity.ts';

/** The worst severity that has a row; null when there are no rows. */
export function worstOf(states: Readonly<Record<string, number>>): Severity | null {
  return worstFirst.find((severity) => (states[severity] ?? 0) > 0) ?? null;
}

/** The states of several layers added up; layers without a state attribute say nothing. */
export function sumStates(layers: readonly CatalogueLayer[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { state, states } of layers) {
    if (state === undefined) continue;
    for (const [severity, count] of Object.entries(states)) sum[severity] = (sum[severity] ?? 0) + count;
  }
  return sum;
}

/** The severity of a state value of a layer, as the server's registry decides it: a null or unheard-of state is unknown. */
export function severityOf(layer: CatalogueLayer, value: unknown): Severity {
  if (layer.state === undefined) return 'normal';
  const attribute = layer.attributes[layer.state];
  if (attribute?.kind !== 'choice' || typeof value !== 'string') return 'unknown';
  const known = attribute.choices[value];
  return known ? (known.severity ?? 'normal') : 'unknown';
}
