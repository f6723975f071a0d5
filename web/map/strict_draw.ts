import { primaryAction } from 'ol/events/condition.js';
import type Feature from 'ol/Feature.js';
import type OlGeometry from 'ol/geom/Geometry.js';
import Polygon from 'ol/geom/Polygon.js';
import Draw, { createBox } from 'ol/interaction/Draw.js';
import type OlMap from 'ol/Map.js';
import type VectorSource from 'ol/source/Vector.js';
import type { GeometryKind } from '../../server/registry/layer.ts';
import { isRefused, pathsOf } from './corners.ts';
import { crossesItself, crossesOthers } from './crossing.ts';
import { penStyle } from './pen_style.ts';
import { nearPixels, pixelsBetween } from './pixels_between.ts';
import { placed, sketch } from './sketch.ts';
import type { Surroundings } from './surroundings.ts';

type Single = 'Point' | 'LineString' | 'Polygon';

/** A drawing that is under way. */
export interface StrictDraw {
  readonly drawing: Draw;
  /** Ends it by its last corner, as a double click does, which a finger finds hard; false: there is nothing to end. */
  readonly complete: () => boolean;
}

/**
 * Draws a shape of a kind into `source`, or a ring beside the `outlines` of the one there is; what would make an outline
 * cross itself or another is not placed, and `refused` told. `drew` is told after the source has it.
 */
export function strictDraw(options: {
  readonly map: OlMap;
  readonly kind: GeometryKind | 'Box';
  readonly source: VectorSource;
  /** Of the shape that gets a hole or a further part; undefined: it is drawn anew. */
  readonly outlines: (() => OlGeometry | undefined) | undefined;
  readonly surroundings: () => Surroundings;
  readonly refused: (refused: boolean) => void;
  readonly drew: (feature: Feature) => void;
}): StrictDraw {
  const { map, kind, source, outlines, surroundings, refused, drew } = options;
  const isBox = kind === 'Box';
  const single = !outlines && !isBox ? (kind.replace('Multi', '') as Single) : 'Polygon'; // the kinds there are
  const drawing: Draw = new Draw({
    // A ring of the shape that is there does not become a shape of its own.
    ...(!outlines && { source }),
    type: isBox ? 'Circle' : single,
    ...(isBox && { geometryFunction: createBox() }),
    style: () => penStyle(surroundings()),
    condition: (event) => primaryAction(event) && (isBox || single === 'Point' || allows(event.coordinate)),
    finishCondition() {
      const isWrong = !isBox && single !== 'Point' && isRefused(sketch(drawing));
      refused(isWrong);
      return !isWrong;
    },
  });
  drawing.on('drawstart', () => {
    if (single === 'Point') source.clear();
  });
  // It reaches the source after this event.
  drawing.on('drawend', ({ feature }) => setTimeout(() => drew(feature)));

  function allows(at: readonly number[]): boolean {
    const path = placed(drawing);
    const ends = [path[0], path.at(-1)].filter((point) => point !== undefined);
    // A click on the first or the last corner ends the drawing.
    const isEnd = ends.some((end) => pixelsBetween(map, end, at) <= nearPixels - 2);
    const next = path.length > 0 ? [path.at(-1)!, at] : [];
    const allowed = isEnd || (!crossesItself([...path, at]) && !(outlines && crossesOthers(next, pathsOf(outlines()))));
    refused(!allowed);
    return allowed;
  }

  function complete(): boolean {
    const path = isBox ? [] : placed(drawing);
    if (path.length < 2) return false;
    const isRing = sketch(drawing) instanceof Polygon;
    if (isRing && path.length < 3) return true;
    if (crossesItself(isRing ? [...path, path[0]!] : path)) refused(true);
    else drawing.finishDrawing();
    return true;
  }
  return { drawing, complete };
}
