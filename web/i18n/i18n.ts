import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { id } from './id.ts';
import type { Language } from './language.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    keySeparator: false;
    nsSeparator: false;
    resources: { translation: typeof id };
  }
}

/** Brings the phrases of a language, if they are not here. Indonesian always is. */
export async function fetchPhrases(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  const { en } = await import('./en.ts');
  i18next.addResourceBundle('en', 'translation', en);
}

/** Starts the phrases in a language, when they are here, and keeps `<html lang>` equal to it. React escapes, so i18next does not. */
export async function startPhrases(language: Language): Promise<void> {
  i18next.on('languageChanged', (changed) => {
    document.documentElement.lang = changed;
  });
  void i18next.use(initReactI18next).init({
    lng: 'id',
    fallbackLng: 'id',
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: { id: { translation: id } },
  });
  await speak(language);
}

/** Changes the language of every phrase at once; it stays as it is where the phrases cannot be had. */
export async function speak(language: Language): Promise<void> {
  if (i18next.language === language) return;
  await fetchPhrases(language).catch(() => {});
  if (i18next.hasResourceBundle(language, 'translation')) await i18next.changeLanguage(language);
}
