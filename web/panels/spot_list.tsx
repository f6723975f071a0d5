import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue, useLayer } from '../api/catalogue.ts';
import { numberText } from '../i18n/format.ts';
import { describeHit } from '../map/describe_hit.ts';
import type { FeatureHit } from '../map/feature_hit.ts';
import type { Spot } from '../map/spot.ts';
import { map, pageState } from '../page.ts';
import { select } from './actions.ts';
import { LayerSymbol } from './layer_symbol.tsx';
import styles from './list.module.css';
import { ListedFeatures } from './listed_features.tsx';
import { useBilingual, useLanguage, useNow, usePage } from './use.ts';
import type { RowProps } from './use_virtual_rows.ts';
import { VirtualRows } from './virtual_rows.tsx';

/** What lies together on one spot of the map, where no zoom takes it apart; the first row has the focus. */
export function SpotList({ spot }: { readonly spot: Spot }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const layer = useLayer(spot.kind === 'cell' ? spot.layer : undefined);
  useEffect(() => () => map.highlight(null), []);
  return (
    <div className={styles.panel} data-spot={spot.kind}>
      <div className={styles.spot}>
        <h2>
          {spot.kind === 'things' && t('spot.title', { formatted: numberText(spot.hits.length, language) })}
          {spot.kind === 'cell' && layer && t('spot.of_layer', { layer: say(layer.title) })}
        </h2>
        <Tooltip label={`${t('spot.close')} (Esc)`}>
          <ActionIcon aria-label={t('spot.close')} onClick={() => map.spot.set({ spot: null })}>
            <IconX size="1.125rem" aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </div>
      {spot.kind === 'cell' && layer && <ListedFeatures layer={layer} bbox={spot.bbox} focusFirst />}
      {spot.kind === 'things' && (
        <VirtualRows
          items={spot.hits}
          keyOf={({ layer: of, id }) => `${of}/${id}`}
          height={2.75}
          focusFirst
          row={(hit, row) => <HitRow hit={hit} row={row} />}
        />
      )}
    </div>
  );
}

function HitRow({ hit, row }: { readonly hit: FeatureHit; readonly row: RowProps }) {
  const language = useLanguage();
  const selected = usePage('selected');
  const layer = useCatalogue().data?.layers.find(({ id }) => id === hit.layer);
  const now = useNow(60_000);
  const { id } = hit;
  if (!layer || id === null) return null;
  const [name, detail] = describeHit(hit, layer, language, now);
  return (
    <button
      type="button"
      className={`${styles.row} ${styles.hit}`}
      aria-current={selected?.layer === hit.layer && selected.id === id}
      onClick={() => select(pageState, { layer: hit.layer, id })}
      {...row}
    >
      <LayerSymbol layer={layer} />
      <span className={styles.name}>{name}</span>
      <span className={styles.detail}>{detail}</span>
    </button>
  );
}
