import type { Bbox, Catalogue, CatalogueLayer } from '../../server/registry/catalogue.ts';
import { queryClient } from '../api/query_client.ts';
import { choiceOf, tellsFilter } from '../map/layer_filter.ts';
import type { OperationsMap } from '../map/map_face.ts';
import { severityOf } from '../panels/severity.ts';
import { viewBbox } from '../panels/view_bbox.ts';
import { type PageState, type Store, store } from '../state.ts';
import { areaFor } from './area.ts';
import { changeRate } from './change_rate.ts';
import { describeChange } from './describe_change.ts';
import type { EventProperties, FeatureEvent } from './event.ts';
import { type Feed, feed } from './feed.ts';
import { known as memory } from './known.ts';
import { type LiveState, liveConnection } from './live_connection.ts';
import { serverNow } from './server_clock.ts';

/** What is live on the page. */
export interface PageLive {
  readonly state: Store<LiveState>;
  readonly rate: Store<{ readonly perSecond: number }>;
  readonly feed: Feed['store'];
  /** Takes each catalogue: the first one begins it all. */
  readonly setCatalogue: (catalogue: Catalogue) => void;
}

/** Counts follow the changes, but a catalogue is large. */
const catalogueMs = 2000;
const featureMs = 1000;
/** How long the view rests before it is asked where it is. */
const settleMs = 300;
/**
 * A layer of so many features is learnt by heart and listened to everywhere, so that no change in it goes untold, wherever one
 * looks. Of larger ones is heard what is around the view.
 */
const mostLearnt = 2000;

/** Calls at once, then at most once in a while, and once more after the last wish. */
function throttled(run: () => void, restMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wished = false;
  const wish = () => {
    if (timer !== undefined) {
      wished = true;
      return;
    }
    wished = false;
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (wished) wish();
    }, restMs);
  };
  return wish;
}

/** When what is new of a feature was observed, milliseconds since 1970; undefined where it was changed otherwise. */
function observedAt(now: EventProperties | undefined, before: EventProperties | undefined): number | undefined {
  const at = now?.observed_at;
  return typeof at === 'number' && at !== before?.observed_at ? at * 1000 : undefined;
}

/**
 * Brings the live events onto the map, into the panels and into the feed; once a page. Layers are learnt when the first
 * picture is here (`mapShown`): they are as large as its tiles.
 */
export function pageLive(map: OperationsMap, state: Store<PageState>, mapShown: Promise<void>): PageLive {
  const connection = liveConnection();
  const lines = feed();
  const counter = changeRate();
  const rate = store<{ readonly perSecond: number }>({ perSecond: 0 });
  const known = memory();
  /** The layers that are listened to. */
  let heard: readonly string[] = [];
  let layers = new Map<string, CatalogueLayer>();
  let position = '';
  /** Where the large layers are listened to; and whether that is elsewhere than when the stream was opened. */
  let area: Bbox | null = null;
  let moved = false;

  const isLarge = (id: string) => (layers.get(id)?.count ?? 0) > mostLearnt;

  /** Reads a layer that is small enough to be known by heart; without it changes are told by what the tiles hold. */
  function learn(id: string, take: (change: FeatureEvent) => void) {
    if (!isLarge(id))
      known.read(id).then(
        (changes) => changes.forEach(take),
        () => {},
      );
    else known.forget(id);
  }
  /** What is critical already pulses too: whoever has just opened the page has seen none of it. */
  function meet(change: FeatureEvent) {
    const { layer: of, id, properties } = change;
    known.set(of, id, properties);
    const layer = layers.get(of);
    const at = placeOf(change);
    if (!layer || !properties || !at) return;
    if (severityOf(layer, layer.state && properties[layer.state]) !== 'critical') return;
    if (!tellsFilter(layer, state.get()) || choiceOf(layer, state.get())(properties)) map.pulses.start(of, id, at);
  }

  function need() {
    if (position === '') return;
    const shown = Object.keys(state.get().layers).filter((id) => layers.has(id));
    for (const id of heard) if (!shown.includes(id)) known.forget(id); // nobody will tell what becomes of it
    for (const id of shown) if (!heard.includes(id)) void mapShown.then(() => heard.includes(id) && learn(id, meet));
    heard = shown;
    // Also an empty map wants to know whether it is connected.
    const [any] = layers.keys();
    const everywhere = shown.filter((id) => !isLarge(id)).toSorted();
    const part = { bbox: everywhere.length < shown.length ? area : null, everywhere };
    connection.need(shown.length > 0 ? shown : any === undefined ? [] : [any], part, position);
  }

  /** Listens to where the view is; what its tiles have of the large layers from earlier, nobody told of since. */
  function follow() {
    const { center, zoom } = state.get();
    const host = document.getElementById('map');
    const next = areaFor(viewBbox(center, zoom, host?.clientWidth ?? 0, host?.clientHeight ?? 0), area);
    if (next === area) return;
    moved = area !== null;
    area = next;
    need();
    if (moved) renewLarge();
  }
  function renewLarge() {
    for (const id of heard.filter(isLarge)) {
      known.forget(id);
      map.freshen(id);
    }
  }

  /** The middle of where a feature is, or was. */
  function placeOf({ at, bbox, from }: FeatureEvent): readonly [lon: number, lat: number] | null {
    const place = at ?? bbox ?? from;
    if (!place) return null;
    const [west, south, east = west, north = south] = place;
    return [(west + east) / 2, (south + north) / 2];
  }

  /** `missed`: it happened while the page could not hear, some time until `now` (milliseconds since 1970). */
  function tell(change: FeatureEvent, now: number, missed: boolean) {
    const layer = layers.get(change.layer);
    if (!layer || !state.get().layers[change.layer]) return;
    const { id, op, properties } = change;
    const at = placeOf(change);
    const earlier = placeOf({ ...change, at: null, bbox: null }) ?? at;
    const before =
      known.get(change.layer, id) ?? (op !== 'insert' && earlier ? map.known(change.layer, id, earlier) : undefined);
    known.set(change.layer, id, properties);

    // What the layer's filter leaves out is no news, unless it was on the map until now.
    const chooses = tellsFilter(layer, state.get()) ? choiceOf(layer, state.get()) : () => true;
    const isShown = properties !== undefined && chooses(properties);
    if (!isShown) map.pulses.stop(change.layer, id);
    if (!isShown && !chooses(before ?? {})) return;

    const said = properties ?? before;
    const severity = severityOf(layer, layer.state && said?.[layer.state]);
    const was = before && severityOf(layer, layer.state && before[layer.state]);
    if (!at || !isShown || severity !== 'critical') map.pulses.stop(change.layer, id);
    else if (op === 'insert' || (was !== undefined && was !== 'critical')) map.pulses.start(change.layer, id, at);
    else map.pulses.move(change.layer, id, at);

    const told = describeChange(layer, change, before);
    // Of what came and went between two words nobody here knows what it was.
    if (told && said)
      lines.add({
        ...{ layer: change.layer, id, at, severity, told },
        ...(missed ? { time: observedAt(properties, before) ?? now, missed } : { time: now }),
        name: String(said?.[layer.name] ?? said?.code ?? ''),
      });
  }

  const renewCatalogue = throttled(() => {
    void queryClient.invalidateQueries({ queryKey: ['catalogue'] }, { cancelRefetch: false });
  }, catalogueMs);
  const renewFeature = throttled(() => {
    const { selected } = state.get();
    if (selected) void queryClient.invalidateQueries({ queryKey: ['feature', selected.layer, selected.id] });
  }, featureMs);

  /** All that is shown is read again, in place. */
  function renew() {
    for (const id of heard) learn(id, (change) => tell(change, serverNow(), true));
    map.renew();
    void queryClient.invalidateQueries();
  }

  connection.listen((event) => {
    const now = Date.now();
    if (event.event === 'resync') renew();
    if (event.event === 'ready' && moved) {
      moved = false;
      renewLarge();
    }
    if (event.event !== 'change') return;
    const { features, catch_up: caughtUp = false } = event.data;
    counter.add(features.length, now);
    for (const feature of features) tell(feature, serverNow(), caughtUp);
    map.applyChanges(features, caughtUp);
    renewCatalogue();
    const { selected } = state.get();
    if (selected && features.some(({ layer, id }) => layer === selected.layer && id === selected.id)) renewFeature();
  });
  setInterval(() => rate.set({ perSecond: counter.perSecond(Date.now()) }), 1000);

  let shown = state.get().layers;
  let following = false;
  map.picture.subscribe(() => {
    if (following) return;
    following = true;
    setTimeout(() => {
      following = false;
      follow();
    }, settleMs);
  });
  state.subscribe(() => {
    if (shown === state.get().layers) return;
    shown = state.get().layers;
    need();
  });
  // What came while the page was frozen, or kept aside, was not heard.
  document.addEventListener('resume', renew);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) renew();
  });

  return {
    state: connection.state,
    rate,
    feed: lines.store,
    setCatalogue(catalogue) {
      layers = new Map(catalogue.layers.map((layer) => [layer.id, layer]));
      const first = position === '';
      position = catalogue.position;
      if (!first) return;
      follow();
      need();
    },
  };
}
