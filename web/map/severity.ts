import type { Severity } from '../../server/registry/attribute.ts';

/** Severities from the worst to the calmest: the order of a cluster's arc and of every list by state. */
export const worstFirst = [
  'critical',
  'warning',
  'advisory',
  'unknown',
  'normal',
] as const satisfies readonly Severity[];

/** How many notches a symbol's ring wears, so that severity is never colour alone. */
export const notches: Readonly<Record<Severity, number>> = {
  critical: 3,
  warning: 2,
  advisory: 1,
  unknown: 0,
  normal: 0,
};
