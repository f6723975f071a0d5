import Feature from 'ol/Feature.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import type OlMap from 'ol/Map.js';
import VectorSource from 'ol/source/Vector.js';
import type { StyleFunction } from 'ol/style/Style.js';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Language } from '../i18n/language.ts';
import { type FeatureHit, featureHit } from '../map/feature_hit.ts';
import { staleAfter } from '../map/freshness.ts';
import { filterOf } from '../map/layer_filter.ts';
import type { ShownThings } from '../map/moving_things.ts';
import type { Surroundings } from '../map/surroundings.ts';
import { styleOf, type TileLayer } from '../map/tile_layer.ts';
import type { PageState } from '../state.ts';
import { type History, type Place, type ThingThen, thingAt } from './history.ts';
import { thenText } from './replay_time.ts';

interface Drawn {
  readonly history: History;
  readonly layer: CatalogueLayer;
  readonly features: ReadonlyMap<number, Feature<Point>>;
  /** Which of them are in the picture. */
  readonly shown: Set<number>;
  readonly source: VectorSource<Feature<Point>>;
  readonly drawing: VectorLayer;
  readonly style: StyleFunction;
}

/** The layers of the map that show another time than now, drawn as they are drawn live. */
export interface ReplayedLayers {
  /** Shows these layers as they were at a moment (milliseconds since 1970), and only these; the rest is live. */
  readonly show: (histories: ReadonlyMap<string, History>, at: number) => void;
  /** The same at another moment. */
  readonly draw: (at: number) => void;
  /** Whether a layer is drawn here, and not live. */
  readonly replaces: (layer: string) => boolean;
  /** Its things in view; undefined: it is live. */
  readonly inView: (layer: string) => FeatureHit[] | undefined;
  /** All that is drawn here. */
  readonly shown: () => ShownThings[];
  /** Where a thing was; undefined: it is not drawn here. */
  readonly place: (layer: string, id: number) => Place | undefined;
  /** To be told when what is drawn here has changed. */
  readonly onDrawn: (told: () => void) => void;
  /** The title of a picture, with the moment that it shows where that is not now. */
  readonly titled: (title: string, language: Language) => string;
  /** Surroundings in which what is drawn here has the age of then. */
  readonly then: (of: () => Surroundings) => () => Surroundings;
  /** The same as layers for print. */
  readonly forPrint: (surroundings: () => Surroundings) => VectorLayer[];
}

/** Draws on a map; `changed` is called when other layers are to be live than before. */
export function replayedLayers(
  map: OlMap,
  state: () => PageState,
  layerOf: (id: string) => TileLayer | undefined,
  surroundings: () => Surroundings,
  changed: () => void,
): ReplayedLayers {
  const drawn = new Map<string, Drawn>();
  const listeners: (() => void)[] = [];
  let moment = 0;
  // Ages are those of then.
  const then = (of: () => Surroundings) => {
    let [last, made] = [of(), { ...of(), now: moment }];
    return () => {
      const now = of();
      if (now !== last || made.now !== moment) [last, made] = [now, { ...now, now: moment }];
      return made;
    };
  };

  function layerFor(id: string, history: History, { layer, drawn: live }: TileLayer): Drawn {
    const source = new VectorSource<Feature<Point>>();
    const style = styleOf(layer, then(surroundings));
    const drawing = new VectorLayer({
      source,
      style,
      zIndex: live.getZIndex() ?? 0,
      opacity: live.getOpacity(),
      renderBuffer: 32,
      declutter: 'label',
      updateWhileAnimating: true,
      updateWhileInteracting: true,
      properties: { layer: id },
    });
    map.addLayer(drawing);
    const features = new Map(history.things.map((thing) => [thing.id, new Feature<Point>()]));
    for (const [thing, feature] of features) feature.setId(thing);
    return { history, layer, features, shown: new Set(), source, drawing, style };
  }

  function update({ history, layer, features, shown, source, drawing }: Drawn) {
    const passes = filterOf(knownFilters(layer, history), state());
    const gone: Feature<Point>[] = [];
    const come: Feature<Point>[] = [];
    for (const thing of history.things) {
      const feature = features.get(thing.id)!;
      const was = thingAt(history, thing, moment, gapMs(layer, thing.constant));
      if (was) tell(feature, was.properties);
      if (!was?.place || !passes(feature)) {
        if (shown.delete(thing.id)) gone.push(feature);
        continue;
      }
      const point = feature.getGeometry();
      const [x, y] = point?.getCoordinates() ?? [];
      if (!point) feature.setGeometry(new Point([...was.place]));
      else if (x !== was.place[0] || y !== was.place[1]) point.setCoordinates([...was.place]);
      if (shown.has(thing.id)) continue;
      shown.add(thing.id);
      come.push(feature);
    }
    if (gone.length > 0) source.removeFeatures(gone);
    if (come.length > 0) source.addFeatures(come);
    drawing.setOpacity(state().layers[layer.id]?.opacity ?? 1);
    drawing.changed();
  }

  function draw(at: number) {
    moment = at;
    for (const each of drawn.values()) update(each);
    for (const told of listeners) told();
  }

  return {
    show(histories, at) {
      let others = false;
      for (const [id, { history, drawing }] of drawn) {
        if (histories.get(id) === history) continue;
        map.removeLayer(drawing);
        drawing.dispose();
        drawn.delete(id);
        others = true;
      }
      moment = at;
      for (const [id, history] of histories) {
        const live = layerOf(id);
        if (!live || drawn.has(id)) continue;
        drawn.set(id, layerFor(id, history, live));
        others = true;
      }
      // In the frame that draws them here they are live no longer, and the other way round.
      if (others) changed();
      draw(at);
    },
    draw,
    replaces: (layer) => drawn.has(layer),
    inView(id) {
      const of = drawn.get(id);
      const extent = map.getView().calculateExtent(map.getSize());
      return of?.source.getFeaturesInExtent(extent).map((feature) => featureHit(of.layer, feature));
    },
    shown: () =>
      [...drawn.values()].flatMap(({ layer, features, shown, style }) => {
        const of = layerOf(layer.id);
        const things = [...shown].flatMap((id) => {
          const feature = features.get(id);
          const [x, y] = feature?.getGeometry()?.getCoordinates() ?? [];
          return feature && x !== undefined && y !== undefined ? [{ feature, at: [x, y] as const }] : [];
        });
        return of ? [{ of, style, things }] : [];
      }),
    place(layer, id) {
      const of = drawn.get(layer);
      const [x, y] = of?.shown.has(id) ? (of.features.get(id)?.getGeometry()?.getCoordinates() ?? []) : [];
      return x === undefined || y === undefined ? undefined : [x, y];
    },
    titled: (title, language) => (drawn.size > 0 ? `${title} – ${thenText(moment, language)}` : title),
    then,
    onDrawn: (told) => void listeners.push(told),
    forPrint: (around) =>
      [...drawn.values()].map(
        ({ layer, source, drawing }) =>
          new VectorLayer({
            source,
            style: styleOf(layer, then(around)),
            zIndex: drawing.getZIndex() ?? 0,
            opacity: drawing.getOpacity(),
            declutter: 'label',
          }),
      ),
  };
}

/** Gives a feature the properties of then, and takes from it what it did not have. */
function tell(feature: Feature, properties: ThingThen['properties']): void {
  for (const key of feature.getKeys())
    if (key !== feature.getGeometryName() && !(key in properties)) feature.unset(key, true);
  feature.setProperties(properties, true);
}

/** Silence after which nobody knows the way that a thing took, milliseconds. */
function gapMs(layer: CatalogueLayer, properties: Readonly<Record<string, unknown>>): number {
  return (staleAfter(layer, properties) ?? 5) * 60_000;
}

/** The layer as far as its filters can be asked of then: of what was not kept nobody knows what it was. */
function knownFilters(layer: CatalogueLayer, { columns, things }: History): CatalogueLayer {
  const known = (key: string) => columns.values.has(key) || (things[0] !== undefined && key in things[0].constant);
  const attributes = Object.fromEntries(Object.entries(layer.attributes).filter(([key]) => known(key)));
  return { ...layer, attributes };
}
