import type { Attribute } from './attribute.ts';

/**
 * How bad a state is, from calm to worst. `unknown` ranks above `normal`: what is not known must not hide behind
 * what is fine. The order is the order in which a cluster picks the worst state inside.
 */
export const severities = ['normal', 'unknown', 'advisory', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** The severity of a value of a state attribute; `unknown` when there is none, or none that the attribute knows. */
export function severityOfValue(state: Attribute | undefined, value: unknown): Severity {
  if (state?.kind !== 'choice' || typeof value !== 'string') return 'unknown';
  const known = state.choices[value];
  return known ? (known.severity ?? 'normal') : 'unknown';
}
