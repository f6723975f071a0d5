import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { shortAge } from '../i18n/age.ts';
import { instantText } from '../i18n/format.ts';
import { freshness, staleAfter } from '../map/freshness.ts';
import styles from './list.module.css';
import { useLanguage, useNow } from './use.ts';

/** How long ago a feature was observed, short, with its freshness where observations of its layer age. */
export function ObservedAge({ layer, feature }: { readonly layer: CatalogueLayer; readonly feature: LayerFeature }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(5_000);
  const { observed_at: observed } = feature.properties;
  const time = typeof observed === 'string' ? Date.parse(observed) : null;
  const limit = staleAfter(layer, feature.properties);
  const state = limit === undefined ? undefined : freshness(time === null ? null : time / 1000, limit, now);
  if (time === null)
    return (
      state && (
        <span className={styles.age} data-fresh={state}>
          {t('page.no_data')}
        </span>
      )
    );
  const word = state && state !== 'fresh' ? ` · ${t(`fresh.${state}`)}` : '';
  return (
    <span className={styles.age} data-fresh={state} title={`${instantText(time, language)}${word}`}>
      {shortAge((now - time) / 1000, language)}
      {word !== '' && <span className="unseen">{word}</span>}
    </span>
  );
}
