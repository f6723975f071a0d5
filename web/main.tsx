import './theme/early.ts';
import './theme/page.css';
import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { QueryClientProvider, QueryObserver } from '@tanstack/react-query';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import type { Catalogue } from '../server/registry/catalogue.ts';
import { catalogueQuery } from './api/catalogue.ts';
import { queryClient } from './api/query_client.ts';
import { fetchPhrases, speak, startPhrases } from './i18n/i18n.ts';
import { live, map, mapShown, opened, pageState } from './page.ts';
import { showLayer } from './panels/actions.ts';
import { flyTo } from './panels/fly_to.ts';
import { fetchLater, later } from './panels/later.tsx';
import { PageLayout } from './panels/page_layout.tsx';
import { usePage } from './panels/use.ts';
import { cssVariables, theme } from './theme/theme.ts';

const phrases = startPhrases(pageState.get().language);
pageState.subscribe(() => void speak(pageState.get().language));

let handed: Catalogue | undefined;

/** Hands each catalogue to the map; the first one also decides what the address left open. */
function hand(data: Catalogue | undefined): void {
  if (!data || data === handed) return;
  if (!handed) {
    const shown = data.layers.filter(({ initiallyVisible }) => initiallyVisible);
    if (!opened.layers) {
      pageState.set({
        layers: Object.fromEntries(shown.map(({ id }) => [id, { opacity: 1 }])),
        filters: Object.fromEntries(
          data.layers.flatMap(({ id, initialFilter }) => (initialFilter ? [[id, initialFilter]] : [])),
        ),
      });
    }
    const { selected } = pageState.get();
    if (selected) showLayer(pageState, selected.layer);
    if (!opened.place) flyTo(data.bbox);
    document.title = `${data.title} · Pendopo`;
  }
  handed = data;
  map.setCatalogue(data, live.state.get().link !== 'live');
  live.setCatalogue(data);
}

/** Once the map has its place on the page; before the panels are drawn with it, so that its tiles are on their way. */
function handCatalogues(): () => void {
  const observer = new QueryObserver(queryClient, catalogueQuery);
  hand(observer.getCurrentResult().data);
  return observer.subscribe(({ data }) => hand(data));
}

const Toasts = later('Toasts', null);

function Page() {
  const device = useColorScheme(undefined, { getInitialValueInEffect: false });
  const chosen = usePage('theme');
  useEffect(handCatalogues, []);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={chosen === 'auto' ? device : chosen}
    >
      <Toasts />
      <PageLayout />
    </MantineProvider>
  );
}

void queryClient.prefetchQuery(catalogueQuery);
/** What the picture has to be drawn in before anything else comes. */
const drawnMs = 500;
// All that the page will ever need, so that it goes on when the server does not.
void mapShown.then(() =>
  setTimeout(() => {
    fetchLater();
    void fetchPhrases('en').catch(() => {});
  }, drawnMs),
);

const root = document.getElementById('page');
if (root) {
  void phrases.then(() =>
    createRoot(root).render(
      <StrictMode>
        <QueryClientProvider client={queryClient}>
          <Page />
        </QueryClientProvider>
      </StrictMode>,
    ),
  );
}
