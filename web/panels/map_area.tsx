import { Button } from '@mantine/core';
import { IconChevronDown, IconListDetails } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/catalogue.ts';
import { map } from '../page.ts';
import { ReplayFrame } from '../replay/replay_frame.tsx';
import { CatalogueFailed } from './catalogue_failed.tsx';
import { DemoBanner } from './demo_banner.tsx';
import { FollowingChip } from './following_chip.tsx';
import { GoHint } from './go_hint.tsx';
import { later } from './later.tsx';
import { LegendStrip } from './legend_strip.tsx';
import styles from './map_area.module.css';
import { MeasuringChip } from './measuring_chip.tsx';
import { ui } from './ui.ts';
import { type Layout, useStore } from './use.ts';

const Legend = later('Legend');

/** Stable, so that React attaches once. */
const attach = (element: HTMLDivElement | null) => (element ? map.attach(element) : undefined);

/** The map and the few things that float on it. The element is the same as long as the page lives. */
export function MapArea({ layout }: { readonly layout: Layout }) {
  const { data, failureCount } = useCatalogue();
  return (
    <main className={styles.area}>
      <div id="map" ref={attach} className={styles.map} />
      <ReplayFrame />
      <div className={styles.top} data-layout={layout}>
        <DemoBanner />
        <GoHint />
        <FollowingChip />
        <MeasuringChip />
      </div>
      {layout === 'desk' && <MapLegend />}
      {layout === 'wall' && (
        <div className={styles.strip}>
          <LegendStrip />
        </div>
      )}
      {!data && failureCount > 0 && layout !== 'desk' && (
        <div className={styles.failed}>
          <CatalogueFailed />
        </div>
      )}
    </main>
  );
}

function MapLegend() {
  const { t } = useTranslation();
  const open = useStore(ui, (value) => value.legendOpen);
  return (
    <div className={styles.legend} data-open={open}>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        <section id="map-legend" className={styles.legendBody} tabIndex={0} aria-label={t('legend.title')}>
          <Legend />
        </section>
      )}
      <Button
        leftSection={<IconListDetails size="1rem" aria-hidden="true" />}
        rightSection={<IconChevronDown size="0.875rem" className={styles.fold} aria-hidden="true" />}
        aria-expanded={open}
        aria-controls="map-legend"
        onClick={() => ui.set({ legendOpen: !open })}
      >
        {t('legend.title')}
      </Button>
    </div>
  );
}
