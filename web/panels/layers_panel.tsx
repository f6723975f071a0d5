import { SegmentedControl, Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { CatalogueFailed } from './catalogue_failed.tsx';
import { later } from './later.tsx';
import { LayerGroup } from './layer_group.tsx';
import styles from './layers.module.css';
import { ui } from './ui.ts';
import { usePage, useStore } from './use.ts';

const Legend = later('Legend');

/** The list of layers by group, and behind a switch their legend. */
export function LayersPanel() {
  const { t } = useTranslation();
  const tab = useStore(ui, (value) => value.layersTab);
  return (
    <div className={styles.panel}>
      <SegmentedControl
        fullWidth
        size="xs"
        value={tab}
        onChange={(layersTab) => ui.set({ layersTab })}
        data={[
          { value: 'layers' as const, label: t('layers.title') },
          { value: 'legend' as const, label: t('layers.legend') },
        ]}
        aria-label={t('layers.title')}
      />
      {tab === 'layers' ? <LayerTree /> : <Legend />}
    </div>
  );
}

/** The map has had its turn, the first time that there was something to show. */
let mapBegun = false;

/** Whether the list may be drawn: after the map has asked for its first tiles, so that it is drawn while they come. */
function useMapBegun(hasLayers: boolean): boolean {
  const [begun, setBegun] = useState(mapBegun);
  useEffect(() => {
    if (!hasLayers || mapBegun) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => {
        mapBegun = true;
        setBegun(true);
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [hasLayers]);
  return begun;
}

function LayerTree() {
  const { t } = useTranslation();
  const { data, failureCount, isPending } = useCatalogue();
  const begun = useMapBegun(data !== undefined);
  const shown = usePage('layers');
  if (isPending || (data && !begun)) {
    return failureCount > 0 ? (
      <CatalogueFailed />
    ) : (
      <div className={styles.skeleton} role="status" aria-busy="true" aria-label={t('status.loading')}>
        {Array.from({ length: 9 }, (_, index) => (
          <Skeleton key={index.toString()} height="2.25rem" />
        ))}
      </div>
    );
  }
  if (!data) return <CatalogueFailed />;
  if (data.layers.length === 0) return <p className={styles.note}>{t('layers.none')}</p>;
  const groups = Object.entries(data.groups).flatMap(([group, title]) => {
    const layers = data.layers.filter((layer) => layer.group === group);
    return layers.length > 0 ? [{ group, title, layers }] : [];
  });
  return (
    <>
      {data.layers.every(({ id }) => !shown[id]) && <p className={styles.note}>{t('layers.none_on')}</p>}
      {groups.map(({ group, title, layers }) => (
        <LayerGroup key={group} title={title} layers={layers} />
      ))}
    </>
  );
}
