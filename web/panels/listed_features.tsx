import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bbox, CatalogueLayer } from '../../server/registry/catalogue.ts';
import { BulkActions } from '../actions/bulk_actions.tsx';
import { type LayerFeature, useSelectedFeature } from '../api/feature.ts';
import { useItems } from '../api/items.ts';
import { numberText } from '../i18n/format.ts';
import { ImportButton } from '../import/import_button.tsx';
import { layerFilter } from '../map/layer_filter.ts';
import { Download } from './download.tsx';
import { FeatureRows } from './feature_rows.tsx';
import { FeatureTable } from './feature_table.tsx';
import styles from './list.module.css';
import { useLanguage, usePage } from './use.ts';

interface ListedFeaturesProps {
  readonly layer: CatalogueLayer;
  /** Degrees; absent: wherever they are. */
  readonly bbox: Bbox | undefined;
  /** CQL2 text that those meant satisfy besides. */
  readonly within?: string | undefined;
  readonly table?: boolean;
  readonly focusFirst?: boolean;
}

/** The features of a layer that its filter chooses, as cards or as a table, with what can be done with all of them. */
export function ListedFeatures({ layer, bbox, within, table = false, focusFirst = false }: ListedFeaturesProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const chosen = layerFilter(layer, { filters: usePage('filters') });
  const filter = chosen && within ? `${chosen} AND ${within}` : (chosen ?? within);
  const [sortby, setSortby] = useState<string>();
  const query = { layer: layer.id, filter, bbox, sortby };
  const { data, isPending, error, failureReason, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useItems(query);
  const loaded = data?.pages.flatMap((page) => page.features) ?? [];
  const features = useWithSelected(layer, loaded, hasNextPage);
  const reason = error ?? failureReason;
  if (!data && reason) {
    return (
      <div className={styles.note} role="alert">
        {t('list.failed')} {t('catalogue.reason', { reason: reason.message })}
        <Button onClick={() => void refetch()}>{t('page.retry')}</Button>
      </div>
    );
  }
  if (isPending || !data) return <Skeleton height="12rem" aria-busy="true" aria-label={t('list.loading')} />;
  const matched = data.pages[0]?.numberMatched ?? loaded.length;
  const onEnd = () => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  };
  return (
    <>
      <div className={styles.about}>
        <p className={styles.matched} role="status">
          {t('list.matched', { formatted: numberText(matched, language) })}
          {chosen && <span className={styles.filtered}>{t('layers.filtered')}</span>}
        </p>
        <Download query={query} count={matched} />
        <BulkActions layer={layer} query={query} matched={matched} />
      </div>
      {features.length === 0 && (
        <p className={styles.note}>
          {layer.count > 0 && t(within ? 'list.empty_area' : bbox ? 'list.empty_view' : 'list.empty')}
          {layer.count === 0 && (
            <>
              {t('layers.empty')} <code>npm run import -- {layer.id} …</code>
              {layer.actions.some(({ name }) => name === 'create') && <ImportButton />}
            </>
          )}
        </p>
      )}
      {features.length > 0 && table && (
        <FeatureTable {...{ layer, features, matched, sortby, onEnd }} onSort={setSortby} />
      )}
      {features.length > 0 && !table && <FeatureRows {...{ layer, features, onEnd, focusFirst }} />}
    </>
  );
}

/** What is loaded, and ahead of it what is selected if it may be among what is still to come. */
function useWithSelected(layer: CatalogueLayer, loaded: readonly LayerFeature[], more: boolean) {
  const selected = usePage('selected');
  const missing =
    more && selected?.layer === layer.id && !loaded.some(({ id }) => id === selected.id) ? selected : null;
  const chosen = useSelectedFeature(missing);
  return missing && chosen ? [chosen, ...loaded] : loaded;
}
