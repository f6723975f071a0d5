import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { id } from './id.ts';
import type { Language } from './language.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    keySeparator: false;
    nsSeparator: false;
    resources: { translation: typeof id };
  }
}

/** Starts the phrases in a language and keeps `<html lang>` equal to it. React escapes, so i18next does not. */
export function startPhrases(language: Language): void {
  i18next.on('languageChanged', (changed) => {
    document.documentElement.lang = changed;
  });
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'id',
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: { id: { translation: id }, en: { translation: en } },
  });
}

/** Changes the language of every phrase at once. */
export function speak(language: Language): void {
  if (i18next.language !== language) void i18next.changeLanguage(language);
}
