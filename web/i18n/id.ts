import { account } from './id/account.ts';
import { act } from './id/act.ts';
import { admin } from './id/admin.ts';
import { audit } from './id/audit.ts';
import { feature } from './id/feature.ts';
import { importing } from './id/import.ts';
import { layers } from './id/layers.ts';
import { live } from './id/live.ts';
import { page } from './id/page.ts';
import { sources } from './id/sources.ts';
import { tools } from './id/tools.ts';

/** Every phrase of the page in Indonesian, the first language, a file for each part of it. Keys are flat: `panel.phrase`. */
export const id = {
  ...page,
  ...layers,
  ...feature,
  ...live,
  ...tools,
  ...sources,
  ...act,
  ...importing,
  ...account,
  ...admin,
  ...audit,
} as const;
