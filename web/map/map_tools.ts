import type OlMap from 'ol/Map.js';
import { exportPng } from './export_png.ts';
import { type Measure, measure } from './measure.ts';
import { type Pen, pen } from './pen.ts';
import type { Surroundings } from './surroundings.ts';

/** What one does with the map by hand: it comes after the first picture. */
export interface MapTools {
  /** Places and reshapes a feature that is being edited. */
  readonly pen: Pen;
  readonly ruler: Measure;
  readonly exportPng: typeof exportPng;
}

/** Makes the tools; once a map. */
export function mapTools(map: OlMap, surroundings: () => Surroundings): MapTools {
  return {
    pen: pen(map, surroundings),
    ruler: measure(map, () => surroundings().language, surroundings),
    exportPng,
  };
}
