import { fromLonLat, toLonLat, transformExtent } from 'ol/proj.js';
import View from 'ol/View.js';
import type { Bbox } from '../../server/registry/catalogue.ts';
import type { PageState, Store } from '../state.ts';
import { maxZoom, minZoom, resolutions } from './zoom.ts';

/** Where to look: an extent, or a place with an optional zoom. */
export type Destination = Bbox | readonly [lon: number, lat: number];

export interface FlyOptions {
  /** With a place: the zoom to arrive at (default: the present one, at least 15). With an extent: the deepest zoom. */
  readonly zoom?: number;
  /** CSS pixels covered by panels: top, right, bottom, left. */
  readonly padding?: readonly [number, number, number, number];
  /** False: be there at once. */
  readonly animate?: boolean;
}

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The view of the map and the state's centre and zoom, each following the other: the state after the movement ends. */
export function mapView(state: Store<PageState>): {
  readonly view: View;
  /** Tells the state where the view is now. */
  readonly settle: () => void;
  readonly flyTo: (to: Destination, options?: FlyOptions) => void;
  readonly zoomBy: (delta: number) => void;
} {
  const { center, zoom } = state.get();
  const view = new View({
    center: fromLonLat([...center]),
    zoom,
    resolutions: [...resolutions],
    minZoom,
    maxZoom,
    enableRotation: false,
  });

  let told = { center, zoom };
  const same = (a: number, b: number, tolerance: number) => Math.abs(a - b) < tolerance;

  function settle() {
    const [lon = 0, lat = 0] = toLonLat(view.getCenter() ?? [0, 0]);
    told = { center: [Number(lon.toFixed(6)), Number(lat.toFixed(6))], zoom: Number((view.getZoom() ?? 0).toFixed(3)) };
    state.set(told);
  }

  state.subscribe(() => {
    const wanted = state.get();
    if (
      same(wanted.center[0], told.center[0], 1e-6) &&
      same(wanted.center[1], told.center[1], 1e-6) &&
      same(wanted.zoom, told.zoom, 1e-3)
    )
      return;
    told = { center: wanted.center, zoom: wanted.zoom };
    view.cancelAnimations();
    view.animate({ center: fromLonLat([...wanted.center]), zoom: wanted.zoom, duration: still() ? 0 : 300 });
  });

  function flyTo(to: Destination, { zoom: wanted, padding = [48, 48, 48, 48], animate = true }: FlyOptions = {}) {
    view.cancelAnimations();
    const duration = still() || !animate ? 0 : 400;
    if (to.length === 4 && (to[0] !== to[2] || to[1] !== to[3])) {
      const extent = transformExtent([...to], 'EPSG:4326', 'EPSG:3857');
      view.fit(extent, { duration, padding: [...padding], maxZoom: wanted ?? 17 });
      return;
    }
    const [lon, lat] = to;
    const arriving = wanted ?? Math.max(15, view.getZoom() ?? 0);
    const resolution = view.getResolutionForZoom(arriving);
    const [top, right, bottom, left] = padding;
    // The place goes to the middle of what the panels leave free.
    const shift = [((right - left) / 2) * resolution, ((top - bottom) / 2) * resolution];
    const target = fromLonLat([lon, lat]).map((value, axis) => value + (shift[axis] ?? 0));
    view.animate({ center: target, zoom: arriving, duration });
  }
  function zoomBy(delta: number) {
    view.cancelAnimations();
    view.animate({ zoom: (view.getZoom() ?? 0) + delta, duration: still() ? 0 : 180 });
  }
  return { view, settle, flyTo, zoomBy };
}
