import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { PageDialog } from './page_dialog.tsx';
import styles from './panel.module.css';
import { useBilingual } from './use.ts';

/** What this is, and whose work it stands on. */
export function AboutDialog() {
  const { t } = useTranslation();
  const say = useBilingual();
  const { data } = useCatalogue();
  return (
    <PageDialog title={t('about.title')}>
      <div className={styles.panel}>
        <p className={styles.text}>{t('about.text')}</p>
        <section>
          <h2>{t('about.attributions')}</h2>
          <ul className={styles.credits}>
            {data?.basemaps
              .filter(({ attribution }) => attribution !== '')
              .map(({ id, title, attribution }) => (
                <li key={id}>
                  {say(title)}: {plainText(attribution)}
                </li>
              ))}
            <li>{t('about.map')}</li>
            <li>{t('about.icons')}</li>
            <li>{t('about.font')}</li>
          </ul>
        </section>
        {data && <p className={styles.note}>{t('about.position', { position: data.position })}</p>}
      </div>
    </PageDialog>
  );
}

/** Attributions come as HTML with links; here they are read, not clicked. */
function plainText(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '';
}
