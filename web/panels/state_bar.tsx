import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { numberText } from '../i18n/format.ts';
import { worstFirst } from '../map/severity.ts';
import styles from './state_bar.module.css';
import { useLanguage } from './use.ts';

interface StateBarProps {
  readonly layer: CatalogueLayer;
  /** How many are in which state. */
  readonly states: Readonly<Record<string, number>>;
}

/** The share of each state, worst first, an empty track where nothing is; nothing for a layer without states. */
export function StateBar({ layer, states }: StateBarProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const present = worstFirst.filter((severity) => (states[severity] ?? 0) > 0);
  if (layer.state === undefined || layer.count === 0) return null;
  if (present.length === 0) return <div className={styles.bar} />;
  const words = present
    .map((severity) => `${t(`severity.${severity}`)} ${numberText(states[severity] ?? 0, language)}`)
    .join(' · ');
  return (
    <div className={styles.bar} role="img" aria-label={words} title={words}>
      {present.map((severity) => (
        <span key={severity} className={styles[severity]} style={{ flexGrow: states[severity] }} />
      ))}
    </div>
  );
}
