import { clockText, instantText } from '../i18n/format.ts';
import type { Language } from '../i18n/language.ts';

/** `21 Nov 2026 19.40.05 WIB`: a moment of then (milliseconds since 1970), to the second. */
export function thenText(time: number, language: Language): string {
  const day = instantText(time, language).split(' ').slice(0, 3).join(' ');
  return `${day} ${clockText(time, language)}`;
}
