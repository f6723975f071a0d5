import type { FeatureLike } from 'ol/Feature.js';
import type OlMap from 'ol/Map.js';
import { fromLonLat } from 'ol/proj.js';
import RenderFeature from 'ol/render/Feature.js';
import type { StyleFunction } from 'ol/style/Style.js';
import type { FeatureEvent } from '../live/event.ts';
import type { PageState } from '../state.ts';
import { filterOf, tellsFilter } from './layer_filter.ts';
import type { Surroundings } from './surroundings.ts';
import { isPoint, styleOf, type TileLayer } from './tile_layer.ts';
import { tileZoom, zoomAt } from './zoom.ts';

/** A thing, or a cluster of things, and where it is (EPSG:3857). */
export interface PlacedThing {
  readonly feature: FeatureLike;
  readonly at: readonly [x: number, y: number];
}

/** A thing where the last event said it is. */
interface Thing extends PlacedThing {
  /** Of which renewal of the picture it is. */
  readonly age: number;
}

interface Held {
  readonly things: Map<number, Thing>;
  /** No longer there, while a tile may still hold them. */
  readonly gone: Set<number>;
  readonly style: StyleFunction;
  readonly rules: TileLayer['layer']['style'];
  age: number;
  drawn: boolean;
}

/** Things of a layer that are on the screen, and how they are drawn there. */
export interface ShownThings {
  readonly of: TileLayer;
  readonly style: StyleFunction;
  readonly things: readonly PlacedThing[];
}

/** Things that move are held as the last event said, to be drawn there; their tiles leave them out. */
export interface MovingThings {
  /** Whether a layer's things are held here once they change. */
  readonly carries: (id: string) => boolean;
  /** Takes over what changed. */
  readonly take: (of: TileLayer, changes: readonly FeatureEvent[]) => void;
  /** Gives a layer's things back to its tiles as soon as those are fresh. */
  readonly giveBack: (id: string) => void;
  /** Whether a tile must leave a feature out, because it is held here. */
  readonly hides: (layer: string, id: number) => boolean;
  /** Where a thing is (EPSG:3857), if it is held here. */
  readonly place: (layer: string, id: number) => readonly [x: number, y: number] | undefined;
  /** What is to be drawn now, layer by layer. */
  readonly shown: () => ShownThings[];
  /** To be called when tiles have arrived. */
  readonly arrived: () => void;
}

/** Holds nothing at first; `changed` is told when what is held must be drawn again and no tile has to be. */
export function movingThings(
  map: OlMap,
  state: () => PageState,
  layerOf: (id: string) => TileLayer | undefined,
  surroundings: () => Surroundings,
  changed: () => void,
): MovingThings {
  const layers = new Map<string, Held>();

  const carries = (id: string) => {
    const layer = layerOf(id)?.layer;
    return layer?.moving !== undefined && isPoint(layer) && tellsFilter(layer, state());
  };
  const isDrawn = (id: string, zoom: number) => {
    const of = layerOf(id);
    return of !== undefined && tileZoom(zoom, 30) >= of.layer.fullZoom && carries(id);
  };

  // Before the tiles of the same frame, so that no frame has a thing twice or not at all.
  map.on('precompose', ({ frameState }) => {
    for (const [id, held] of layers) {
      const drawn =
        frameState !== null && frameState !== undefined && isDrawn(id, zoomAt(frameState.viewState.resolution));
      if (drawn === held.drawn) continue;
      held.drawn = drawn;
      layerOf(id)?.drawn.changed();
    }
  });

  return {
    carries,
    take({ layer: of, drawn }, changes) {
      let held = layers.get(of.id);
      if (!held || held.rules !== of.style) {
        held = {
          things: held?.things ?? new Map(),
          gone: held?.gone ?? new Set(),
          style: styleOf(of, surroundings),
          rules: of.style,
          age: held?.age ?? 0,
          drawn: isDrawn(of.id, map.getView().getZoom() ?? 0),
        };
        layers.set(of.id, held);
      }
      let left = false;
      for (const { id, at, properties } of changes) {
        left ||= !held.things.has(id) && !held.gone.has(id);
        if (!at || !properties) {
          held.things.delete(id);
          held.gone.add(id);
          continue;
        }
        held.gone.delete(id);
        const [x = 0, y = 0] = fromLonLat([...at]);
        const feature = new RenderFeature('Point', [x, y], [], 2, { ...properties }, id);
        held.things.set(id, { feature, at: [x, y], age: held.age });
      }
      // The tiles leave them out from the next frame on, and the same frame draws them here.
      if (left) drawn.changed();
      else changed();
    },
    giveBack(id) {
      const held = layers.get(id);
      if (held) held.age += 1;
    },
    hides(id, feature) {
      const held = layers.get(id);
      return held?.drawn === true && (held.things.has(feature) || held.gone.has(feature));
    },
    place: (id, feature) => layers.get(id)?.things.get(feature)?.at,
    shown: () =>
      [...layers].flatMap(([id, { drawn, style, things }]) => {
        const of = layerOf(id);
        if (!drawn || !of?.drawn.getVisible()) return [];
        const passes = filterOf(of.layer, state());
        return { of, style, things: [...things.values()].filter(({ feature }) => passes(feature)) };
      }),
    arrived() {
      for (const [id, held] of layers) {
        const old = [...held.things].filter(([, { age }]) => age < held.age);
        const of = layerOf(id);
        if (old.length === 0 || !of?.tiles.isFresh()) continue;
        // In one step: from the next frame on the tiles draw them.
        for (const [thing] of old) held.things.delete(thing);
        of.drawn.changed();
      }
    },
  };
}
