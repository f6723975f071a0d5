import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { type Severity, severityOfValue } from '../../server/registry/severity.ts';
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

/** The severity of a state value of a layer; `normal` where it has no states. */
export function severityOf({ state, attributes }: CatalogueLayer, value: unknown): Severity {
  return state === undefined ? 'normal' : severityOfValue(attributes[state], value);
}
