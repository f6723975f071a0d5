import { useTranslation } from 'react-i18next';
import type { FieldError } from '../../server/registry/actions/input.ts';
import { numberText } from '../i18n/format.ts';
import { useLanguage } from './use.ts';

type Fault = Pick<FieldError, 'code' | 'limit' | 'words'> & { readonly detail?: string };

/** What is wrong with a field, in words; the server's own for a code that this page does not know. */
export function useFaultText(): (fault: Fault) => string {
  const { t, i18n } = useTranslation();
  const language = useLanguage();
  return ({ code, limit, detail, words }) => {
    if (words) return words[language];
    if (detail !== undefined && !i18n.exists(`act.error.${code}`)) return detail;
    return t(`act.error.${code}`, { limit: limit === undefined ? '' : numberText(limit, language) });
  };
}
