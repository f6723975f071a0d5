import Feature from 'ol/Feature.js';
import LineString from 'ol/geom/LineString.js';
import VectorLayer from 'ol/layer/Vector.js';
import { fromLonLat } from 'ol/proj.js';
import VectorSource from 'ol/source/Vector.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { Series } from '../../server/registry/series.ts';
import { fetchJson } from '../api/fetch_json.ts';
import type { FeatureEvent } from '../live/event.ts';
import { serverNow } from '../live/server_clock.ts';
import type { PageState, Store } from '../state.ts';
import { withOpacity } from './palette.ts';
import type { Surroundings } from './surroundings.ts';
import type { TileLayer } from './tile_layer.ts';
import { type Fix, trailPieces, trailSteps } from './trail_pieces.ts';
import { zIndexOf } from './z_index.ts';

/** How long a way is shown. */
const trailSeconds = 600;
/** A gap after which nobody knows the way, where the layer does not say when it is stale. */
const usualGapSeconds = 120;
const fadeMs = 10_000;

/** The way that a selected thing came in the last minutes, on a layer of its own that follows the state. */
export interface Trail {
  readonly layer: VectorLayer;
  /** To be called when the catalogue or the tiles have come. */
  readonly update: () => void;
  /** Goes on to where the selected thing is now. */
  readonly extend: (change: FeatureEvent) => void;
  /** Something was missed: the way is read again. */
  readonly reread: () => void;
}

/** Shows the trail of what is selected, if its layer's things move and a series of them is kept. */
export function trail(
  state: Store<PageState>,
  layerOf: (id: string) => TileLayer | undefined,
  surroundings: () => Surroundings,
): Trail {
  const source = new VectorSource();
  let fixes: Fix[] = [];
  let shown = '';
  let visible = false;
  let request = new AbortController();
  let fading: ReturnType<typeof setInterval> | undefined;

  const layer = new VectorLayer({
    source,
    zIndex: zIndexOf('trail'),
    updateWhileAnimating: true,
    updateWhileInteracting: true,
    style: (feature) => {
      const { palette } = surroundings().sheet;
      const left = 1 - Number(feature.get('step')) / trailSteps;
      const stroke = (color: string, opacity: number, width: number) =>
        new Style({ stroke: new Stroke({ color: withOpacity(color, opacity), width, lineCap: 'butt' }) });
      return [stroke(palette.halo, 0.8 * left, 7), stroke(palette.accent, left, 4)];
    },
  });

  const selected = () => {
    const { selected: chosen, replay } = state.get();
    // On the map of an earlier moment the way up to now says nothing.
    const of = chosen && replay == null ? layerOf(chosen.layer) : undefined;
    return chosen && of?.layer.moving && of.layer.series ? { ...chosen, of } : undefined;
  };

  function draw() {
    const of = selected()?.of;
    const now = serverNow() / 1000;
    fixes = fixes.filter(({ time }) => now - time < 2 * trailSeconds);
    const gap = of?.layer.staleAfterMinutes === undefined ? usualGapSeconds : of.layer.staleAfterMinutes * 60;
    visible = of?.drawn.getVisible() ?? false;
    const pieces = visible ? trailPieces(fixes, now, trailSeconds, gap) : [];
    if (pieces.length === 0 && source.isEmpty()) return;
    source.clear(true);
    source.addFeatures(
      pieces.map(({ step, line }) => new Feature({ geometry: new LineString(line.map((at) => [...at])), step })),
    );
    source.changed();
  }

  function read() {
    const of = selected();
    if (!of) return;
    request.abort();
    request = new AbortController();
    const from = new Date(serverNow() - trailSeconds * 1000).toISOString();
    const address = `/api/layers/${of.layer}/${of.id}/series?from=${from}&resolution=1s`;
    fetchJson<Series>(address, { signal: request.signal }).then(
      ({ time, lon, lat }) => {
        const past = time.flatMap((instant, index): Fix[] => {
          const [x, y] = [lon?.[index], lat?.[index]];
          return x == null || y == null ? [] : [fix([x, y], Date.parse(instant) / 1000)];
        });
        const last = past.at(-1)?.time ?? 0;
        // What was heard meanwhile goes on where the answer ends.
        fixes = [...past, ...fixes.filter((heard) => heard.time > last)];
        draw();
      },
      () => {
        // No connection, or let go of meanwhile: the trail is what was heard.
      },
    );
  }

  function update() {
    const of = selected();
    const key = of ? `${of.layer}/${of.id}` : '';
    if (key !== shown) {
      shown = key;
      request.abort();
      clearInterval(fading);
      fixes = [];
      if (of) {
        fading = setInterval(draw, fadeMs);
        read();
      }
      draw();
    } else if (of && of.of.drawn.getVisible() !== visible) draw();
  }
  state.subscribe(update);

  return {
    layer,
    update,
    extend({ at, properties }) {
      const time = typeof properties?.observed_at === 'number' ? properties.observed_at : serverNow() / 1000;
      if (!at || time <= (fixes.at(-1)?.time ?? 0)) return;
      fixes.push(fix(at, time));
      draw();
    },
    reread: read,
  };
}

const fix = (lonLat: readonly [lon: number, lat: number], time: number): Fix => {
  const [x = 0, y = 0] = fromLonLat([...lonLat]);
  return { at: [x, y], time };
};
