import { type ComponentType, lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { FeedPanel } from './feed_panel.tsx';
import { LayersPanel } from './layers_panel.tsx';
import { ListPanel } from './list_panel.tsx';
import styles from './page.module.css';
import { SourcesPanel } from './sources_panel.tsx';
import { ToolsPanel } from './tools_panel.tsx';
import type { Panel } from './ui.ts';
import { ViewsPanel } from './views_panel.tsx';

const contents: Readonly<Record<Panel, ComponentType>> = {
  layers: LayersPanel,
  list: ListPanel,
  feed: FeedPanel,
  views: ViewsPanel,
  tools: ToolsPanel,
  sources: SourcesPanel,
  import: lazy(() => import('../import/import_panel.tsx')),
};

/** The chosen panel with its title. */
export function PanelBody({ panel }: { readonly panel: Panel }) {
  const { t } = useTranslation();
  const Content = contents[panel];
  return (
    <section id="panel" className={styles.panelBody} aria-label={t(`rail.${panel}`)}>
      <Suspense>
        <Content />
      </Suspense>
    </section>
  );
}
