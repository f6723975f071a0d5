import { preferences } from './preferences.ts';

// Runs before anything is drawn, so that a dark room never sees a white flash.
const { theme, language } = preferences.read();
const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
document.documentElement.lang = language;
