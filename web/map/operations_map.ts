import 'ol/ol.css';
import './map.css';
import { defaults } from 'ol/interaction/defaults.js';
import OlMap from 'ol/Map.js';
import type { Catalogue } from '../../server/registry/catalogue.ts';
import { replayedLayers } from '../replay/replayed_layers.ts';
import { type PageState, type Store, store } from '../state.ts';
import { alarms } from './alarms.ts';
import { areaLayer } from './area_layer.ts';
import { basemapSwitch } from './basemap_switch.ts';
import { catalogueLayers } from './catalogue_layers.ts';
import { coneLayer } from './cone_layer.ts';
import { densityLayer } from './density_layer.ts';
import { draftLayer } from './draft_layer.ts';
import type { FeatureHit } from './feature_hit.ts';
import { follow } from './follow.ts';
import { highlight } from './highlight.ts';
import { type InView, inView } from './in_view.ts';
import { insideCluster } from './inside_cluster.ts';
import { type Changed, keepSurroundings } from './keep_surroundings.ts';
import { knownFeature } from './known_feature.ts';
import { labelLayer, namedAreas } from './label_layer.ts';
import { legendSymbol } from './legend_symbol.ts';
import { applyChanges } from './live_changes.ts';
import type { OperationsMap } from './map_face.ts';
import { mapHost } from './map_host.ts';
import { mapScale } from './map_scale.ts';
import type { MapTools } from './map_tools.ts';
import { mapView } from './map_view.ts';
import { movingThings } from './moving_things.ts';
import { pointing } from './pointing.ts';
import { printThings } from './print_things.ts';
import { pulses } from './pulses.ts';
import { selection } from './selection.ts';
import { settled } from './settled.ts';
import { topCanvas } from './top_canvas.ts';
import { trail } from './trail.ts';
import { visibleFeatures } from './visible_features.ts';

/** Makes the map; once a page. */
export function operationsMap(state: Store<PageState>): OperationsMap {
  const { view, settle: tellState, flyTo, zoomBy } = mapView(state);
  const map = new OlMap({
    view,
    controls: [],
    interactions: defaults({ altShiftDragRotate: false, pinchRotate: false }),
    // All of a picture at once: each further round would wait for a frame in which everything is drawn again.
    maxTilesLoading: 128,
  });
  let catalogue: Catalogue | undefined;

  const surroundings = keepSurroundings(map, state, lookChanged);
  const around = surroundings.get;
  const host = mapHost(map, around().language, surroundings.lookAgain);

  const shown = store<{ readonly layers: Readonly<Record<string, InView>> }>({ layers: {} });
  const picture = store<{ readonly revision: number }>({ revision: 0 });
  const changed = settled(() => {
    crowds.update();
    labels.update();
    cones.update();
    marks.update();
    way.update();
    const before = shown.get().layers;
    shown.set({
      layers: Object.fromEntries(
        layers.all().flatMap((of) => {
          const counted = inView(map, of, moving, replayed.inView(of.layer.id), before[of.layer.id]);
          return counted ? [[of.layer.id, counted]] : [];
        }),
      ),
    });
    picture.set(({ revision }) => ({ revision: revision + 1 }));
  });

  const moving = movingThings(
    map,
    state.get,
    (id) => layers.get(id),
    around,
    () => canvas.redraw(),
  );
  const critical = alarms(
    map,
    () => layers.all(),
    moving.hides,
    () => [...moving.shown(), ...replayed.shown()],
  );
  const canvas = topCanvas(moving.shown, critical);
  const replayed = replayedLayers(
    map,
    state.get,
    (id) => layers.get(id),
    around,
    () => layers.review(),
  );
  const layers = catalogueLayers(map, state, around, moving.hides, replayed.replaces, () => {
    moving.arrived();
    changed();
  });
  const labels = labelLayer(map, layers.all, around);
  const crowds = densityLayer(layers.all, around);
  const cones = coneLayer(map, layers.all, around);
  const place = (layer: string, id: number) => replayed.place(layer, id) ?? moving.place(layer, id);
  const marks = selection(state, layers.get, place, around);
  const way = trail(state, layers.get, around);
  for (const { layer } of [crowds, cones, labels, way, marks, canvas]) map.addLayer(layer);
  const within = areaLayer(state, around);
  map.addLayer(within);
  const rings = pulses(map, state, replayed.replaces);
  const following = follow(map, state, (id) => layers.get(id)?.layer.moving !== undefined, marks.place);
  const draft = draftLayer(map, around);
  replayed.onDrawn(() => {
    rings.review();
    marks.update();
    following.moved();
  });
  let made: MapTools | undefined;
  const tools = () => {
    if (!made) throw new Error('the tools of the map are not here yet');
    return made;
  };
  const scale = mapScale(map);
  map.on('moveend', () => {
    tellState();
    changed();
  });

  const openCluster = (hit: FeatureHit) =>
    flyTo(...insideCluster(hit, layers.get(hit.layer)?.layer, view.getZoom() ?? 0));
  const { hovered, pointer, spot } = pointing({
    ...{ map, state, moving, alarms: critical, openCluster },
    ...{
      layerOf: layers.get,
      layers: layers.all,
      surroundings: around,
      busy: () => made !== undefined && (made.ruler.active() || made.pen.active()),
    },
  });

  const ground = basemapSwitch(map, state, around, layers.groundFailed);
  // Areas that are named take their names from the background, or give them back.
  const syncNamed = () => surroundings.setNamed(namedAreas(layers.all(), around().unlabelled));
  state.subscribe(syncNamed);

  function lookChanged(what: Changed) {
    if (what === 'ages') return layers.restyle('ages');
    if (what === 'labels') {
      labels.update();
      canvas.redraw();
      return layers.restyle('all');
    }
    ground.redraw();
    crowds.update();
    if (what === 'names') return;
    if (what === 'language') host.speak(around().language);
    labels.update();
    for (const layer of [cones.layer, way.layer, marks.layer, within]) layer.changed();
    draft.redraw();
    layers.restyle('all');
  }

  return {
    attach: host.attach,
    setCatalogue(next, untold) {
      catalogue = next;
      layers.setCatalogue(next, untold);
      syncNamed();
      ground.setBasemaps(next.basemaps);
      changed();
    },
    applyChanges(changes, caughtUp) {
      applyChanges(layers, moving, changes, caughtUp);
      const { selected } = state.get();
      const own = selected && changes.find(({ layer, id }) => layer === selected.layer && id === selected.id);
      if (!own) return;
      marks.changed();
      if (caughtUp) way.reread();
      way.extend(own);
      following.moved();
    },
    renew() {
      for (const { layer, tiles } of layers.all()) {
        moving.giveBack(layer.id);
        tiles.freshen(() => true);
      }
      marks.changed();
      way.reread();
    },
    freshen(id) {
      moving.giveBack(id);
      layers.get(id)?.tiles.freshen(() => true);
    },
    known: (layer, id, at) => knownFeature(layers.get(layer), id, at),
    pulses: rings,
    follow: following,
    replayed,
    highlight: highlight(map),
    hovered,
    loading: layers.loading,
    pointer,
    spot,
    scale,
    picture,
    inView: shown,
    // Before there is anything to see there is nothing to fly over.
    flyTo(to, options) {
      following.stop();
      flyTo(to, { animate: catalogue !== undefined, ...options });
    },
    zoomBy,
    visibleFeatures: (id) => replayed.inView(id) ?? visibleFeatures(map, layers.get(id), moving),
    openCluster,
    legendSymbol: (layer, rule) => legendSymbol(layer, rule, around().sheet.palette, devicePixelRatio),
    equip(make) {
      made ??= make(map, around);
    },
    tools,
    exportPng: (options) =>
      tools().exportPng(
        {
          map,
          layers: layers.all(),
          density: crowds.forPrint,
          overlays: [
            cones.layer,
            labels.layer,
            way.layer,
            ...replayed.forPrint(around),
            ...printThings([...moving.shown(), ...critical()], (id) =>
              replayed.replaces(id) ? replayed.then(around) : around,
            ),
            within,
            marks.layer,
            tools().ruler.layer,
          ],
          basemap: ground.current(),
          surroundings: around(),
          language: around().language,
          title: replayed.titled(catalogue?.title ?? 'Pendopo', around().language),
        },
        options,
      ),
    draft: draft.show,
    refresh(layer) {
      layers.refresh(layer);
      ground.retry();
    },
  };
}
