import { type Severity, severities } from '../../server/registry/severity.ts';

/** Severities from the worst to the calmest: the order of a cluster's arc and of every list by state. */
export const worstFirst: readonly Severity[] = severities.toReversed();

/** How many notches a symbol's ring wears, so that severity is never colour alone. */
export const notches: Readonly<Record<Severity, number>> = {
  critical: 3,
  warning: 2,
  advisory: 1,
  unknown: 0,
  normal: 0,
};
