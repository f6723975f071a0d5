import type OlMap from 'ol/Map.js';
import type MapBrowserEvent from 'ol/MapBrowserEvent.js';
import Overlay from 'ol/Overlay.js';
import { type Store, store } from '../state.ts';
import type { FeatureHit } from './feature_hit.ts';

/** What is under the pointer, and where the pointer is in CSS pixels of the map. */
export interface Hovered {
  readonly feature: FeatureHit | null;
  readonly pixel: readonly [number, number] | null;
}

/**
 * Names what is under the mouse, at most once a frame and never while dragging: a tooltip on the map (hidden from
 * screen readers, which have the list) and the stores. A finger has no hover.
 */
export function hover(
  map: OlMap,
  pickAt: (pixel: number[]) => FeatureHit | null,
  describe: (hit: FeatureHit) => readonly [title: string, detail: string],
  busy: () => boolean,
): { readonly hovered: Store<Hovered>; readonly coordinate: Store<{ readonly at: readonly number[] | null }> } {
  const hovered = store<Hovered>({ feature: null, pixel: null });
  const coordinate = store<{ readonly at: readonly number[] | null }>({ at: null });
  const element = document.createElement('div');
  element.className = 'map-tooltip';
  element.setAttribute('aria-hidden', 'true');
  const title = element.appendChild(document.createElement('strong'));
  const detail = element.appendChild(document.createElement('span'));
  const tooltip = new Overlay({ element, offset: [0, -20], positioning: 'bottom-center', stopEvent: false });
  map.addOverlay(tooltip);

  let frame = 0;
  let pixel: number[] | null = null;

  function look() {
    frame = 0;
    const at = pixel && map.getCoordinateFromPixel(pixel);
    coordinate.set({ at: at ?? null });
    const feature = pixel && !busy() ? pickAt(pixel) : null;
    hovered.set({ feature, pixel: pixel ? [pixel[0] ?? 0, pixel[1] ?? 0] : null });
    const [name, more] = feature ? describe(feature) : ['', ''];
    title.textContent = name;
    detail.textContent = more;
    tooltip.setPosition(feature && (name || more) ? at || undefined : undefined);
    map.getTargetElement()?.classList.toggle('map-pointing', feature !== null);
  }
  const soon = () => {
    if (frame === 0) frame = requestAnimationFrame(look);
  };

  map.on('pointermove', (event: MapBrowserEvent) => {
    const { originalEvent } = event;
    if (originalEvent instanceof PointerEvent && originalEvent.pointerType === 'touch') return;
    pixel = event.dragging ? null : event.pixel;
    soon();
  });
  // What the pointer stood over has moved away under it.
  map.on('movestart', () => {
    pixel = null;
    soon();
  });
  map.getViewport()?.addEventListener('pointerleave', () => {
    pixel = null;
    soon();
  });
  // The first look-up makes the browser compare kinds of canvas for 150 ms: pay when nobody waits.
  map.once('rendercomplete', () => {
    const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));
    idle(() => {
      if (map.getTargetElement()) pickAt([1, 1]);
    });
  });
  return { hovered, coordinate };
}
