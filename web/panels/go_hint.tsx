import { useTranslation } from 'react-i18next';
import styles from './keys.module.css';
import { LayerLetters } from './layer_letters.tsx';
import { ui } from './ui.ts';
import { useStore } from './use.ts';

/** After `G`: which letter goes to which layer. */
export function GoHint() {
  const { t } = useTranslation();
  const going = useStore(ui, (value) => value.going);
  if (!going) return null;
  return (
    <div className={styles.hint} role="status">
      <strong>{t('keys.go_hint')}</strong>
      <LayerLetters />
    </div>
  );
}
