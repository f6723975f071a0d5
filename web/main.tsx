import './theme/early.ts';
import './theme/page.css';
import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { useCatalogue } from './api/catalogue.ts';
import { queryClient } from './api/query_client.ts';
import { speak, startPhrases } from './i18n/i18n.ts';
import { live, map, opened, pageState } from './page.ts';
import { showLayer } from './panels/actions.ts';
import { flyTo } from './panels/fly_to.ts';
import { PageLayout } from './panels/page_layout.tsx';
import { usePage } from './panels/use.ts';
import { cssVariables, theme } from './theme/theme.ts';

startPhrases(pageState.get().language);
pageState.subscribe(() => speak(pageState.get().language));

let arrived = false;

/** Hands each catalogue to the map; the first one also decides what the address left open. */
function useCatalogueOnMap(): void {
  const { data } = useCatalogue();
  useEffect(() => {
    if (!data) return;
    if (!arrived) {
      arrived = true;
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
    map.setCatalogue(data, live.state.get().link !== 'live');
    live.setCatalogue(data);
  }, [data]);
}

function Page() {
  const device = useColorScheme(undefined, { getInitialValueInEffect: false });
  const chosen = usePage('theme');
  useCatalogueOnMap();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={chosen === 'auto' ? device : chosen}
    >
      <Notifications position="bottom-right" limit={3} autoClose={6000} />
      <PageLayout />
    </MantineProvider>
  );
}

const root = document.getElementById('page');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Page />
      </QueryClientProvider>
    </StrictMode>,
  );
}
