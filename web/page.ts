import type { Catalogue } from '../server/registry/catalogue.ts';
import { queryClient } from './api/query_client.ts';
import { pageLive } from './live/page_live.ts';
import { firstMap } from './map/first_map.ts';
import { operationsMap } from './map/operations_map.ts';
import { keepPermalink, readPermalink } from './map/permalink.ts';
import { pageReplay } from './replay/replay.ts';
import { type PageState, store } from './state.ts';
import { preferences } from './theme/preferences.ts';

const linked = readPermalink(location.search);

/** What the page shows. The address wins over what this viewer chose the last time. */
export const pageState = store<PageState>({
  center: [113.7, -8.17],
  zoom: 9,
  layers: {},
  filters: {},
  selected: null,
  basemap: '',
  ...preferences.read(),
  ...linked,
});

/** What the address said when the page was opened: the rest is the catalogue's to decide, once. */
export const opened: { readonly layers: boolean; readonly place: boolean } = {
  layers: linked.layers !== undefined,
  place: linked.center !== undefined,
};

/** The one map of the page, made before React and never unmounted. */
export const map = operationsMap(pageState);

/** When the first picture is here: what can wait waits for it. */
export const mapShown = firstMap(map.loading);

/** What happens, as it does: on the map, in the panels and in the feed. */
export const live = pageLive(map, pageState, mapShown);

/** The last hours again, on the map. */
export const replay = pageReplay(map.replayed, pageState, () => queryClient.getQueryData<Catalogue>(['catalogue']));

keepPermalink(pageState);
preferences.keep(pageState);
