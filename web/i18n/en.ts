import { account } from './en/account.ts';
import { act } from './en/act.ts';
import { admin } from './en/admin.ts';
import { audit } from './en/audit.ts';
import { feature } from './en/feature.ts';
import { importing } from './en/import.ts';
import { layers } from './en/layers.ts';
import { live } from './en/live.ts';
import { page } from './en/page.ts';
import { sources } from './en/sources.ts';
import { tools } from './en/tools.ts';
import type { id } from './id.ts';

/** Every phrase of the page in English. A key that Indonesian has and this has not does not compile. */
export const en: Record<keyof typeof id, string> = {
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
};
