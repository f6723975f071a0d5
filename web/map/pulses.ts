import type OlMap from 'ol/Map.js';
import Overlay from 'ol/Overlay.js';
import { fromLonLat } from 'ol/proj.js';
import type { PageState, Store } from '../state.ts';

/** Rings that pulse around what has just become critical, until it is looked at or is critical no longer. */
export interface Pulses {
  readonly start: (layer: string, id: number, lonLat: readonly [lon: number, lat: number]) => void;
  /** What pulses, if it does, is elsewhere now. */
  readonly move: Pulses['start'];
  readonly stop: (layer: string, id: number) => void;
  /** To be called when other layers are replayed than before. */
  readonly review: () => void;
}

/**
 * Drawn and moved by the browser alone: a canvas would have to be drawn anew sixty times a second. What is critical now
 * does not ring where the past is shown: `replayed`.
 */
export function pulses(map: OlMap, state: Store<PageState>, replayed: (layer: string) => boolean): Pulses {
  const rings = new Map<string, { readonly overlay: Overlay; readonly layer: string; at: number[] }>();

  function stop(layer: string, id: number) {
    const ring = rings.get(`${layer}/${id}`);
    if (ring) map.removeOverlay(ring.overlay);
    rings.delete(`${layer}/${id}`);
  }
  const isShown = (layer: string) => state.get().layers[layer] !== undefined && !replayed(layer);
  function review() {
    for (const { overlay, layer, at } of rings.values()) overlay.setPosition(isShown(layer) ? at : undefined);
  }
  state.subscribe(() => {
    const { selected } = state.get();
    if (selected) stop(selected.layer, selected.id);
    review();
  });
  function move(layer: string, id: number, lonLat: readonly [lon: number, lat: number]) {
    const ring = rings.get(`${layer}/${id}`);
    if (!ring) return;
    ring.at = fromLonLat([...lonLat]);
    ring.overlay.setPosition(isShown(layer) ? ring.at : undefined);
  }
  return {
    start(layer, id, lonLat) {
      const { selected } = state.get();
      if (selected?.layer === layer && selected.id === id) return;
      if (rings.has(`${layer}/${id}`)) return move(layer, id, lonLat);
      const at = fromLonLat([...lonLat]);
      const element = document.createElement('div');
      element.className = 'map-pulse';
      element.setAttribute('aria-hidden', 'true');
      element.dataset.pulse = `${layer}/${id}`;
      const overlay = new Overlay({ element, positioning: 'center-center', stopEvent: false });
      if (isShown(layer)) overlay.setPosition(at);
      map.addOverlay(overlay);
      rings.set(`${layer}/${id}`, { overlay, layer, at });
    },
    move,
    stop,
    review,
  };
}
