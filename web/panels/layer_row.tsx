import { ActionIcon } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconEye, IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { useMatchedCount } from '../api/items.ts';
import { numberText } from '../i18n/format.ts';
import { layerFilter } from '../map/layer_filter.ts';
import { map, pageState } from '../page.ts';
import { toggleLayer } from './actions.ts';
import { later } from './later.tsx';
import { LayerSymbol } from './layer_symbol.tsx';
import styles from './layers.module.css';
import { StateBar } from './state_bar.tsx';
import { ui } from './ui.ts';
import { useBilingual, useLanguage, usePage, useStore } from './use.ts';

const LayerOptions = later('LayerOptions');

/** One layer: eye, symbol, name, how much of it is in view in which states, and a fold with everything else. */
export function LayerRow({ layer }: { readonly layer: CatalogueLayer }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const shown = usePage('layers')[layer.id] !== undefined;
  const filter = layerFilter(layer, { filters: usePage('filters') });
  const matched = useMatchedCount(layer.id, filter);
  const inView = useStore(map.inView, ({ layers }) => layers[layer.id]);
  const unfolded = useStore(ui, (value) => value.unfolded === layer.id);
  const name = say(layer.title);
  // Of a layer that is on, what one sees of it; of one that is off, what its filter would show.
  const part = shown && inView ? inView.count : matched;
  const counts = [
    ...(shown && inView ? [t('layers.in_view', { formatted: numberText(inView.count, language) })] : []),
    ...(matched === undefined ? [] : [t('layers.matched', { formatted: numberText(matched, language) })]),
    t('layers.of_all', { formatted: numberText(layer.count, language) }),
  ].join(' · ');
  const Eye = shown ? IconEye : IconEyeOff;
  return (
    <div className={styles.row} data-shown={shown} data-unfolded={unfolded}>
      <div className={styles.rowHead}>
        <button
          type="button"
          role="switch"
          aria-checked={shown}
          aria-label={t('layers.show', { name })}
          aria-description={counts}
          className={styles.toggle}
          data-layer={layer.id}
          onClick={() => toggleLayer(pageState, layer.id)}
        >
          <Eye size="1.125rem" className={styles.eye} aria-hidden="true" />
          <span className={styles.rowSymbol}>
            <LayerSymbol layer={layer} />
          </span>
          <span className={styles.rowName}>
            {name}
            <RowMarks layer={layer} filtered={filter !== undefined} />
          </span>
          <span className={styles.count} title={counts}>
            {part !== undefined && part !== layer.count && `${numberText(part, language)} / `}
            {numberText(layer.count, language)}
          </span>
        </button>
        <ActionIcon
          aria-label={t('layers.options', { name })}
          title={t('layers.options', { name })}
          aria-expanded={unfolded}
          onClick={() => ui.set({ unfolded: unfolded ? null : layer.id })}
        >
          <IconAdjustmentsHorizontal size="1.125rem" aria-hidden="true" />
        </ActionIcon>
      </div>
      <div className={styles.rowBar}>
        <StateBar layer={layer} states={shown && inView && layer.state ? inView.states : layer.states} />
      </div>
      {unfolded && <LayerOptions layer={layer} />}
    </div>
  );
}

function RowMarks({ layer, filtered }: { readonly layer: CatalogueLayer; readonly filtered: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {(layer.sources.schematic ?? 0) > 0 && <span className={styles.mark}>{t('layers.schematic')}</span>}
      {filtered && <span className={styles.markOn}>{t('layers.filtered')}</span>}
    </>
  );
}
