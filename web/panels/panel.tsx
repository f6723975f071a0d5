import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { later } from './later.tsx';
import { LayersPanel } from './layers_panel.tsx';
import styles from './page.module.css';
import type { Panel } from './ui.ts';

/** The one that is open at first is part of the first map. */
const contents: Readonly<Record<Panel, ComponentType>> = {
  layers: LayersPanel,
  list: later('ListPanel'),
  feed: later('FeedPanel'),
  views: later('ViewsPanel'),
  tools: later('ToolsPanel'),
  sources: later('SourcesPanel'),
  import: later('ImportPanel'),
};

/** The chosen panel with its title. */
export function PanelBody({ panel }: { readonly panel: Panel }) {
  const { t } = useTranslation();
  const Content = contents[panel];
  return (
    <section id="panel" className={styles.panelBody} aria-label={t(`rail.${panel}`)}>
      <Content />
    </section>
  );
}
