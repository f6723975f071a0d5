import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSameAccount, useSecondFactorDemand } from '../accounts/use_account.ts';
import { PendingCards } from '../actions/pending_cards.tsx';
import { DropZone } from '../import/drop_zone.tsx';
import { ReplayBar } from '../replay/replay_bar.tsx';
import { Announcer } from './announcer.tsx';
import { Search } from './bar_parts.tsx';
import { Connection } from './connection.tsx';
import { Dialogs } from './dialogs.tsx';
import { later } from './later.tsx';
import { MapArea } from './map_area.tsx';
import styles from './page.module.css';
import { PanelBody } from './panel.tsx';
import { keepPanelAddress } from './panel_address.ts';
import { Rail } from './rail.tsx';
import { Sheet } from './sheet.tsx';
import { SourcesChip } from './sources_chip.tsx';
import { listSpots } from './spots.ts';
import { StatusBar } from './status_bar.tsx';
import { TopBar } from './top_bar.tsx';
import { ui } from './ui.ts';
import { type Layout, useLayout, usePage, useStore } from './use.ts';
import { useKeys } from './use_keys.ts';

const Inspector = later('Inspector');

/** One map and the panels around it, arranged for a desk, a wall or a phone. The map keeps its place in all three. */
export function PageLayout() {
  const { t } = useTranslation();
  const layout = useLayout();
  useKeys();
  useSameAccount();
  useSecondFactorDemand();
  useEffect(keepPanelAddress, []);
  useEffect(listSpots, []);
  useEffect(() => {
    document.documentElement.dataset.layout = layout;
  }, [layout]);
  return (
    <div className={styles.page} data-layout={layout}>
      <a className={styles.skip} href="#map">
        {t('page.skip')}
      </a>
      {layout !== 'phone' && (
        <>
          <header className={styles.top}>
            <TopBar wall={layout === 'wall'} />
          </header>
          <div className={styles.motif} aria-hidden="true" />
        </>
      )}
      {layout === 'desk' && <Side />}
      <div className={styles.map}>
        <MapArea layout={layout} />
        <ReplayBar />
      </div>
      <Selected layout={layout} />
      {layout === 'phone' ? (
        <>
          <search className={styles.search}>
            <Search />
          </search>
          <footer className={styles.badge}>
            <Connection brief />
            <SourcesChip brief />
          </footer>
          <Sheet />
        </>
      ) : (
        <div className={styles.status}>
          <StatusBar wall={layout === 'wall'} />
        </div>
      )}
      <Announcer />
      <PendingCards />
      <Dialogs />
      {layout !== 'wall' && <DropZone />}
    </div>
  );
}

function Side() {
  const open = useStore(ui, (value) => value.panelOpen);
  const panel = useStore(ui, (value) => value.panel);
  const wide = useStore(ui, (value) => value.wide) && panel === 'list';
  return (
    <>
      <div className={styles.rail}>
        <Rail />
      </div>
      {open && (
        <div className={styles.panel} data-cover="left" data-panel={panel} data-wide={wide}>
          <PanelBody panel={panel} />
        </div>
      )}
    </>
  );
}

/** The inspector beside the map; on a phone it is in the sheet, which rises when something is selected. */
function Selected({ layout }: { readonly layout: Layout }) {
  const selected = usePage('selected');
  const key = selected && `${selected.layer}/${selected.id}`;
  useEffect(() => {
    if (key) ui.set(({ sheet }) => ({ sheet: sheet === 'peek' ? 'half' : sheet }));
  }, [key]);
  if (!selected || layout === 'phone') return null;
  return (
    <div className={styles.inspector} data-cover="right">
      <Inspector selected={selected} />
    </div>
  );
}
