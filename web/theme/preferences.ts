import type { PageState, Store } from '../state.ts';

type Preferences = Pick<PageState, 'language' | 'theme'>;

const key = 'pendopo';
const first: Preferences = { language: 'id', theme: 'auto' };

/** Browsers may refuse storage; then the choice lasts as long as the page. */
function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function read(): Preferences {
  const [language, theme] = (stored() ?? '').split(' ');
  return {
    language: language === 'en' || language === 'id' ? language : first.language,
    theme: theme === 'light' || theme === 'dark' ? theme : first.theme,
  };
}

function keep(state: Store<PageState>): void {
  state.subscribe(() => {
    const { language, theme } = state.get();
    const text = `${language} ${theme}`;
    if (text === stored()) return;
    try {
      localStorage.setItem(key, text);
    } catch {
      // Nothing is lost but the memory of the choice.
    }
  });
}

/** Language and theme of this viewer, remembered by the browser. */
export const preferences = { read, keep };
