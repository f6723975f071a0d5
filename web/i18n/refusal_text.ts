import type { TFunction } from 'i18next';
import { RequestFailed } from '../api/fetch_json.ts';
import type { id } from './id.ts';

/** The phrases that need no further words. */
type Phrase = Exclude<
  Extract<keyof typeof id, `account.error_${string}` | `act.refused_${string}` | `refused.${string}` | 'act.conflict'>,
  'refused.other'
>;

/** What a refusal of a certain HTTP status means where something was asked for. */
export type StatusWords = Readonly<Record<number, Phrase>>;

/** What the server calls the reason, where there is a better thing to say than the status. */
const words: Readonly<Record<string, Phrase>> = {
  INVALID_EMAIL_OR_PASSWORD: 'account.error_password',
  INVALID_EMAIL: 'account.error_password',
  INVALID_PASSWORD: 'account.error_own_password',
  LOCKED_OUT: 'account.error_locked_out',
  ACCOUNT_TEMPORARILY_LOCKED: 'account.error_locked_out',
  ACCOUNT_LOCKED: 'account.error_locked',
  DEMO_ACCOUNT: 'account.error_demo',
  INVALID_CODE: 'account.error_code',
  INVALID_BACKUP_CODE: 'account.error_code',
  INVALID_TWO_FACTOR_COOKIE: 'account.error_begin_again',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'account.error_begin_again',
  INVALID_TOKEN: 'account.error_link',
  PASSWORD_TOO_SHORT: 'account.error_short',
  unauthorized: 'account.error_session',
  SESSION_EXPIRED: 'account.error_session',
  SESSION_NOT_FRESH: 'account.error_stale',
  SECOND_FACTOR_FIRST: 'account.error_unproved',
};

const anywhere: StatusWords = {
  0: 'refused.unreachable',
  429: 'refused.too_many',
};

/** Why something was not done, in the page's language; the server's own words where we have none. */
export function refusalText(t: TFunction, error: unknown, here: StatusWords = {}): string {
  if (!(error instanceof RequestFailed)) return error instanceof Error ? error.message : String(error);
  return error.errors.length > 0 ? t('refused.invalid') : problemText(t, error, here);
}

/** The same of a problem that was not thrown. */
export function problemText(
  t: TFunction,
  { status, code, detail }: { readonly status: number; readonly code?: string; readonly detail: string },
  here: StatusWords = {},
): string {
  const key = here[status] ?? words[code ?? ''] ?? anywhere[status];
  return key === undefined ? t('refused.other', { reason: detail }) : t(key);
}
