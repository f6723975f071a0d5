import { severities } from '../server/registry/severity.ts';

/** The attributes of a cluster, in the order of their numbers in the tile, and what they tell. */
export const clusterFields: Readonly<Record<string, string>> = {
  cluster: 'true',
  count: 'features inside',
  worst: 'the worst severity inside',
  oldest: 'when what goes stale first was observed, seconds since 1970',
  expires: 'when that goes stale, seconds since 1970',
  ...Object.fromEntries(severities.map((severity) => [`n_${severity}`, `features inside that are ${severity}`])),
};
