import type OlMap from 'ol/Map.js';
import type MapBrowserEvent from 'ol/MapBrowserEvent.js';
import { toLonLat } from 'ol/proj.js';
import { type PageState, type Store, store } from '../state.ts';
import { describeHit } from './describe_hit.ts';
import type { FeatureHit } from './feature_hit.ts';
import { type Hovered, hover } from './hover.ts';
import type { MovingThings, ShownThings } from './moving_things.ts';
import { pick, pickAll } from './pick.ts';
import { pickThing } from './pick_thing.ts';
import { closedCluster, pointsTogether, type Spot } from './spot.ts';
import type { Surroundings } from './surroundings.ts';
import { isPoint, type TileLayer } from './tile_layer.ts';

/** Where the pointer is in degrees; null when it is not over the map. */
export interface Pointer {
  readonly lonLat: readonly [lon: number, lat: number] | null;
}

/** CSS pixels around a symbol in which it is still meant. */
const tolerance = { mouse: 5, finger: 10 };

/**
 * What a pointer does on the map: over a feature it is named, a click selects it, opens a cluster or lets go. Where several
 * things lie under the click, and where a cluster cannot be opened, the store `spot` tells which.
 */
export function pointing(options: {
  readonly map: OlMap;
  readonly state: Store<PageState>;
  readonly layerOf: (id: string) => TileLayer | undefined;
  readonly layers: () => readonly TileLayer[];
  readonly moving: MovingThings;
  /** What is critical and lies over all else. */
  readonly alarms: () => readonly ShownThings[];
  readonly surroundings: () => Surroundings;
  /** A tool has the pointer. */
  readonly busy: () => boolean;
  readonly openCluster: (hit: FeatureHit) => void;
}): {
  readonly hovered: Store<Hovered>;
  readonly pointer: Store<Pointer>;
  readonly spot: Store<{ readonly spot: Spot | null }>;
} {
  const { map, state, moving, alarms, surroundings, busy } = options;
  const layerOf = (id: string) => options.layerOf(id)?.layer;

  const pickAt = (pixel: number[], within: number) =>
    pickThing(map, alarms(), pixel, within, surroundings().scale) ??
    pickThing(map, moving.shown(), pixel, within, surroundings().scale) ??
    pick(map, pixel, within, layerOf);
  const describe = (hit: FeatureHit) => {
    const layer = layerOf(hit.layer);
    if (!layer) return [hit.name, ''] as const;
    const { language, now } = surroundings();
    return describeHit(hit, layer, language, now);
  };
  const { hovered, coordinate } = hover(map, (pixel) => pickAt(pixel, tolerance.mouse), describe, busy);
  const pointer = store<Pointer>({ lonLat: null });
  coordinate.subscribe(() => {
    const { at } = coordinate.get();
    const [lon = 0, lat = 0] = at ? toLonLat([...at]) : [];
    pointer.set({ lonLat: at && [lon, lat] });
  });

  const spot = store<{ readonly spot: Spot | null }>({ spot: null });
  /** What a click means: one thing, or one of several. */
  const meant = (pixel: number[], within: number): FeatureHit | Spot | null => {
    const hit = pickAt(pixel, within);
    const layer = hit && layerOf(hit.layer);
    if (!layer) return hit;
    if (hit.cluster) return closedCluster(hit, layer, map.getView().getZoom() ?? 0) ?? hit;
    if (isPoint(layer)) return pointsTogether(map, options.layers(), moving, hit) ?? hit;
    if (hit.named) return hit;
    // Every place lies in a village and a district, whose lines lie over all else: what is inside them comes first.
    const things = pickAll(map, pixel, within, layerOf).filter(
      (each) => each.id !== null && layerOf(each.layer)?.group !== 'boundary',
    );
    return things.length > 1 ? { kind: 'things', at: toPlace(pixel), hits: things } : (things[0] ?? hit);
  };
  const toPlace = (pixel: number[]): FeatureHit['lonLat'] => {
    const [lon = 0, lat = 0] = toLonLat(map.getCoordinateFromPixel(pixel) ?? []);
    return [lon, lat];
  };

  map.on('click', (event: MapBrowserEvent) => {
    if (busy()) return;
    const { originalEvent } = event;
    const touch = originalEvent instanceof PointerEvent && originalEvent.pointerType === 'touch';
    const found = meant(event.pixel, touch ? tolerance.finger : tolerance.mouse);
    const [hit, together] = found && 'kind' in found ? [null, found] : [found, null];
    spot.set({ spot: together });
    if (hit?.cluster) options.openCluster(hit);
    else state.set({ selected: hit?.id == null ? null : { layer: hit.layer, id: hit.id } });
  });
  return { hovered, pointer, spot };
}
