import type { Bbox } from '../../server/registry/catalogue.ts';
import { fetchJson } from '../api/fetch_json.ts';
import type { EventProperties, FeatureEvent } from './event.ts';

/** What was last known of features, so that a change can be told as what it was and what it is. */
export interface Known {
  readonly get: (layer: string, id: number) => EventProperties | undefined;
  /** Undefined: it is gone. */
  readonly set: (layer: string, id: number, properties: EventProperties | undefined) => void;
  readonly forget: (layer: string) => void;
  /**
   * A layer as it is now, as if each of its features had just changed, and as gone those that are known and no longer
   * there; without those that were set meanwhile, of which something newer is known. Rejects when it cannot be read.
   */
  readonly read: (layer: string) => Promise<FeatureEvent[]>;
}

/** A layer as `GET /api/layers/{layer}/state` tells it: columns, in the order of the ids. */
export interface LayerState {
  readonly layer: string;
  readonly id: readonly number[];
  readonly lon?: readonly (number | null)[];
  readonly lat?: readonly (number | null)[];
  readonly bbox?: readonly (Bbox | null)[];
  readonly properties: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
}

/** Of each layer; beyond it the longest known is forgotten. */
const mostKnown = 5000;

/** A row of a layer's state as an event would tell it. */
export function eventOf({ layer, id, lon, lat, bbox, properties }: LayerState, row: number): FeatureEvent {
  const [x, y] = [lon?.[row] ?? null, lat?.[row] ?? null];
  const entries = Object.entries(properties).flatMap(([key, values]) => {
    const value = values[row] ?? null;
    return value === null ? [] : [[key, value] as const];
  });
  return {
    ...{ layer, op: 'update', id: id[row] ?? 0, properties: Object.fromEntries(entries) },
    ...(bbox ? { bbox: bbox[row] ?? null } : { at: x === null || y === null ? null : [x, y] }),
  };
}

/** Makes an empty memory. */
export function known(): Known {
  const layers = new Map<string, Map<number, EventProperties>>();
  /** What was set while a layer is being read. */
  const reading = new Map<string, Set<number>>();
  return {
    get: (layer, id) => layers.get(layer)?.get(id),
    set(layer, id, properties) {
      const features = layers.get(layer) ?? new Map<number, EventProperties>();
      layers.set(layer, features);
      reading.get(layer)?.add(id);
      features.delete(id);
      if (!properties) return;
      features.set(id, properties);
      const [oldest] = features.keys();
      if (features.size > mostKnown && oldest !== undefined) features.delete(oldest);
    },
    forget: (layer) => void layers.delete(layer),
    async read(layer) {
      const touched = new Set<number>();
      reading.set(layer, touched);
      const state = await fetchJson<LayerState>(`/api/layers/${layer}/state`);
      if (reading.get(layer) !== touched) return []; // read again since
      reading.delete(layer);
      const there = new Set(state.id);
      const gone = [...(layers.get(layer)?.keys() ?? [])].filter((id) => !there.has(id));
      return [
        ...state.id.map((_, row) => eventOf(state, row)),
        ...gone.map((id): FeatureEvent => ({ layer, op: 'delete', id })),
      ].filter(({ id }) => !touched.has(id));
    },
  };
}
