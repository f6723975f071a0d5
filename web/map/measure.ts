import type Feature from 'ol/Feature.js';
import LineString from 'ol/geom/LineString.js';
import Polygon from 'ol/geom/Polygon.js';
import DoubleClickZoom from 'ol/interaction/DoubleClickZoom.js';
import Draw from 'ol/interaction/Draw.js';
import VectorLayer from 'ol/layer/Vector.js';
import type OlMap from 'ol/Map.js';
import Overlay from 'ol/Overlay.js';
import VectorSource from 'ol/source/Vector.js';
import { getArea, getLength } from 'ol/sphere.js';
import Circle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { Language } from '../i18n/language.ts';
import { type Store, store } from '../state.ts';
import { measureLabel } from './measure_label.ts';
import { withOpacity } from './palette.ts';
import type { Surroundings } from './surroundings.ts';
import { word } from './words.ts';
import { zIndexOf } from './z_index.ts';

export type MeasureKind = 'length' | 'area';

/** What is being measured: metres for a length, square metres for an area, on the ellipsoid's sphere. */
export interface Measurement {
  readonly kind: MeasureKind;
  readonly value: number;
  readonly done: boolean;
}

export interface Measure {
  readonly layer: VectorLayer;
  /** Starts anew; the last result goes. */
  readonly start: (kind: MeasureKind) => Store<Measurement>;
  /** Takes the tool and its result away. */
  readonly stop: () => void;
  /** Ends the drawing where it is and keeps the result. */
  readonly finish: () => void;
  readonly active: () => boolean;
}

/** Measuring by clicks: a live label, Enter or a double click finishes and keeps the result, Escape gives up. */
export function measure(map: OlMap, language: () => Language, surroundings: () => Surroundings): Measure {
  const source = new VectorSource();
  const style = () => {
    const { palette } = surroundings().sheet;
    return [
      new Style({ stroke: new Stroke({ color: withOpacity(palette.halo, 0.9), width: 6 }) }),
      new Style({
        fill: new Fill({ color: withOpacity(palette.accent, 0.14) }),
        stroke: new Stroke({ color: palette.accent, width: 2.5, lineDash: [8, 5] }),
        image: new Circle({
          radius: 5,
          fill: new Fill({ color: palette.accent }),
          stroke: new Stroke({ color: palette.halo, width: 2 }),
        }),
      }),
    ];
  };
  const layer = new VectorLayer({ source, style, zIndex: zIndexOf('measure'), updateWhileAnimating: true });
  map.addLayer(layer);

  const element = document.createElement('div');
  element.className = 'map-measure';
  element.setAttribute('role', 'status');
  const label = new Overlay({ element, offset: [0, -14], positioning: 'bottom-center', stopEvent: false });
  map.addOverlay(label);

  let draw: Draw | undefined;
  let result = store<Measurement>({ kind: 'length', value: 0, done: false });

  function measured(feature: Feature): [value: number, at: number[]] {
    const geometry = feature.getGeometry();
    if (geometry instanceof Polygon) return [getArea(geometry), geometry.getInteriorPoint().getCoordinates()];
    if (geometry instanceof LineString) return [getLength(geometry), geometry.getLastCoordinate()];
    return [0, [0, 0]];
  }
  function tell(feature: Feature, done: boolean) {
    const [value, at] = measured(feature);
    result.set({ value, done });
    element.textContent = measureLabel(value, result.get().kind, language());
    element.title = done ? '' : word('measureMore', language());
    label.setPosition(at);
  }
  /** The double click that ends a drawing must not zoom as well. */
  function doubleClickZooms(active: boolean) {
    for (const interaction of map.getInteractions().getArray()) {
      if (interaction instanceof DoubleClickZoom) interaction.setActive(active);
    }
  }
  function endDrawing() {
    setTimeout(() => doubleClickZooms(draw === undefined), 300);
    if (draw) map.removeInteraction(draw);
    draw = undefined;
    map.getTargetElement()?.classList.remove('map-measuring');
  }
  function stop() {
    endDrawing();
    source.clear();
    label.setPosition(undefined);
    result.set({ value: 0, done: true });
  }

  document.addEventListener(
    'keydown',
    (event) => {
      if (!draw) return;
      if (event.key === 'Escape') stop();
      else if (event.key === 'Enter') draw.finishDrawing();
      else return;
      // The key has done its work here: Escape must not close the inspector as well.
      event.stopPropagation();
      event.preventDefault();
    },
    true,
  );

  return {
    layer,
    start(kind) {
      stop();
      result = store<Measurement>({ kind, value: 0, done: false });
      draw = new Draw({ source, type: kind === 'area' ? 'Polygon' : 'LineString', style });
      draw.on('drawstart', ({ feature }) => {
        source.clear();
        feature.getGeometry()?.on('change', () => tell(feature, false));
      });
      draw.on('drawend', ({ feature }) => {
        tell(feature, true);
        // After the click that ends the drawing, or it would also select what lies under it.
        setTimeout(endDrawing);
      });
      doubleClickZooms(false);
      map.addInteraction(draw);
      map.getTargetElement()?.classList.add('map-measuring');
      return result;
    },
    stop,
    finish: () => draw?.finishDrawing(),
    active: () => draw !== undefined,
  };
}
