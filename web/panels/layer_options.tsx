import { Button, Slider, Switch } from '@mantine/core';
import { IconFilterOff, IconFocusCentered, IconList } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attribute } from '../../server/registry/attribute.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { AddFeature } from '../actions/add_feature.tsx';
import { RestoreFeatures } from '../actions/restore_features.tsx';
import { useMatchedCount } from '../api/items.ts';
import { numberText, percentText } from '../i18n/format.ts';
import { layerFilter } from '../map/layer_filter.ts';
import { pageState } from '../page.ts';
import { clearFilter, setLabels, setOpacity, showLayer } from './actions.ts';
import { ChoiceFilter } from './choice_filter.tsx';
import { Download } from './download.tsx';
import { flyTo } from './fly_to.ts';
import styles from './layers.module.css';
import { openPanel } from './ui.ts';
import { useBilingual, useLanguage, usePage } from './use.ts';

/** What a layer is filtered by; not what notes one of its states, as which siaga was acknowledged: that reads like the state. */
function filterable({ attributes, state }: CatalogueLayer) {
  const valuesOf = (attribute: Attribute | undefined) =>
    attribute?.kind === 'choice' ? Object.keys(attribute.choices).join() : undefined;
  const states = valuesOf(attributes[state ?? '']);
  return Object.entries(attributes).flatMap(([key, attribute]) => {
    if (attribute.kind !== 'choice' && attribute.kind !== 'boolean') return [];
    const isNote = key !== state && states !== undefined && valuesOf(attribute) === states;
    return isNote ? [] : [{ key, attribute }];
  });
}

/** What can be done with one layer: opacity, filter by its choices, go there, list it, download it. */
export function LayerOptions({ layer }: { readonly layer: CatalogueLayer }) {
  const { t } = useTranslation();
  const say = useBilingual();
  const language = useLanguage();
  const opacity = usePage('layers')[layer.id]?.opacity ?? 1;
  const filtered = usePage('filters')[layer.id] !== undefined;
  const label = useId();
  const filter = layerFilter(layer, { filters: usePage('filters') });
  const matched = useMatchedCount(layer.id, filter);
  const labelled = usePage('layers')[layer.id]?.unlabelled !== true;
  const writes = layer.valueLabel !== undefined || layer.geometry.endsWith('Polygon');
  const choices = filterable(layer);
  const { bbox } = layer;
  return (
    <div className={styles.options}>
      {layer.description && <p className={styles.description}>{say(layer.description)}</p>}
      {layer.count === 0 && (
        <p className={styles.note}>
          {t('layers.empty')} <code className={styles.command}>npm run import -- {layer.id} …</code>
        </p>
      )}
      {layer.unlocated > 0 && (
        <p className={styles.description}>
          {t('layers.unlocated', { formatted: numberText(layer.unlocated, language) })}
        </p>
      )}
      <div className={styles.opacity}>
        <span id={label}>{t('layers.opacity')}</span>
        <Slider
          size="sm"
          min={0.1}
          max={1}
          step={0.05}
          value={opacity}
          label={null}
          thumbProps={{ 'aria-labelledby': label }}
          onChange={(value) => setOpacity(pageState, layer.id, value)}
        />
        <output>{percentText(opacity, language)}</output>
      </div>
      {writes && (
        <Switch
          size="sm"
          label={t('layers.labels')}
          checked={labelled}
          onChange={(event) => setLabels(pageState, layer.id, event.currentTarget.checked)}
        />
      )}
      {choices.map(({ key, attribute }) => (
        <ChoiceFilter key={key} layer={layer} name={key} attribute={attribute} />
      ))}
      <div className={styles.acts}>
        {filtered && (
          <Button leftSection={<IconFilterOff size="1rem" />} onClick={() => clearFilter(pageState, layer.id)}>
            {t('layers.filter_clear')}
          </Button>
        )}
        {bbox && (
          <Button
            leftSection={<IconFocusCentered size="1rem" />}
            onClick={() => {
              showLayer(pageState, layer.id);
              flyTo(bbox);
            }}
          >
            {t('layers.zoom')}
          </Button>
        )}
        <AddFeature layer={layer} />
        <RestoreFeatures layer={layer} />
        <Button leftSection={<IconList size="1rem" />} onClick={() => openPanel('list', { listLayer: layer.id })}>
          {t('layers.table')}
        </Button>
        <Download query={{ layer: layer.id, filter }} count={filter === undefined ? layer.count : matched} />
      </div>
    </div>
  );
}
