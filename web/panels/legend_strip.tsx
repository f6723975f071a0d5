import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import type { Freshness } from '../map/freshness.ts';
import { worstFirst } from '../map/severity.ts';
import { LayerSymbol } from './layer_symbol.tsx';
import styles from './legend.module.css';
import { PointSymbol } from './symbol.tsx';
import { useBilingual, usePage } from './use.ts';

const aged: readonly Freshness[] = ['ageing', 'stale', 'silent'];

/** The legend of a wall, read from three metres: which layers there are, how states look, how age looks. */
export function LegendStrip() {
  const { t } = useTranslation();
  const say = useBilingual();
  const shown = usePage('layers');
  const layers = useCatalogue().data?.layers.filter(({ id }) => shown[id]) ?? [];
  return (
    <div className={styles.strip}>
      <ul aria-label={t('layers.title')}>
        {layers.map((layer) => (
          <li key={layer.id}>
            <LayerSymbol layer={layer} />
            {say(layer.title)}
          </li>
        ))}
      </ul>
      <ul aria-label={t('legend.title')}>
        {worstFirst.map((severity) => (
          <li key={severity}>
            <PointSymbol icon="pin" severity={severity} />
            {t(`severity.${severity}`)}
          </li>
        ))}
        {aged.map((freshness) => (
          <li key={freshness}>
            <PointSymbol icon="pin" freshness={freshness} />
            {t(`fresh.${freshness}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
