import { useTranslation } from 'react-i18next';
import styles from './keys.module.css';
import { LayerLetters } from './layer_letters.tsx';
import { PageDialog } from './page_dialog.tsx';

const keys = [
  ['/', 'keys.search'],
  ['L', 'keys.layers'],
  ['B', 'keys.panel'],
  ['K', 'keys.feed'],
  ['S', 'keys.sources'],
  ['A', 'keys.acknowledge'],
  ['D', 'keys.dispatch'],
  ['F', 'keys.follow'],
  ['T', 'keys.replay'],
  ['␣', 'keys.play'],
  ['M', 'keys.measure'],
  ['1–9', 'keys.views'],
  ['Esc', 'keys.back'],
  ['?', 'keys.help'],
] as const;

/** All keys there are. */
export function KeysDialog() {
  const { t } = useTranslation();
  return (
    <PageDialog title={t('keys.title')}>
      <dl className={styles.keys}>
        {keys.map(([key, phrase]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(phrase)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>G</kbd>
          </dt>
          <dd>
            {t('keys.go')}
            <LayerLetters />
          </dd>
        </div>
      </dl>
      <p className={styles.note}>{t('keys.map')}</p>
    </PageDialog>
  );
}
