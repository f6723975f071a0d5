import type OlGeometry from 'ol/geom/Geometry.js';
import LineString from 'ol/geom/LineString.js';
import Polygon from 'ol/geom/Polygon.js';
import type Draw from 'ol/interaction/Draw.js';

/** What is under way; besides it the overlay holds the point under the pointer, and of a polygon its line. */
export function sketch(drawing: Draw): OlGeometry | undefined {
  const drawnNow = drawing.getOverlay().getSource()?.getFeatures() ?? [];
  return drawnNow.find((feature) => feature.getGeometry()?.getType() !== 'Point')?.getGeometry();
}

/** The corners of it that were placed, without the one under the pointer. */
export function placed(drawing: Draw): readonly (readonly number[])[] {
  const geometry = sketch(drawing);
  if (geometry instanceof Polygon) return (geometry.getCoordinates()[0] ?? []).slice(0, -2);
  return geometry instanceof LineString ? geometry.getCoordinates().slice(0, -1) : [];
}
