import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { clockText } from '../i18n/format.ts';
import { AccountMenu, PageMenu, Search, ThemeSwitch } from './bar_parts.tsx';
import { Crest } from './crest.tsx';
import { LanguageSwitch } from './language_switch.tsx';
import styles from './top_bar.module.css';
import { useLanguage, useNow } from './use.ts';

/** The regency's name, the search, and the few switches of the page; on the wall a large clock instead of them. */
export function TopBar({ wall }: { readonly wall: boolean }) {
  return (
    <div className={styles.bar}>
      <Name />
      {wall ? (
        <WallClock />
      ) : (
        <>
          <search className={styles.search}>
            <Search />
          </search>
          <div className={styles.switches}>
            <LanguageSwitch />
            <ThemeSwitch />
            <PageMenu />
            <AccountMenu />
          </div>
        </>
      )}
    </div>
  );
}

/** Crest and name of the regency; the page's one `h1`. */
export function Name() {
  const { data } = useCatalogue();
  return (
    <div className={styles.name}>
      <Crest />
      <h1>{data?.title ?? 'Pendopo'}</h1>
    </div>
  );
}

function WallClock() {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  return (
    <time className={styles.clock} title={t('status.clock')}>
      {clockText(now, language)}
    </time>
  );
}
