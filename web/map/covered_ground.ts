import GeoJSON from 'ol/format/GeoJSON.js';
import MultiPolygon from 'ol/geom/MultiPolygon.js';
import Polygon from 'ol/geom/Polygon.js';
import { getPointResolution } from 'ol/proj.js';
import type { Coverage } from '../../server/registry/point_signs.ts';

/** Attributes as they come from the OGC API or a tile. */
export type Properties = Readonly<Record<string, unknown>>;

/** Corners of a full circle. */
const corners = 72;

/**
 * The ground a thing covers, a sector or a circle around its place, or the area that is said (EPSG:3857). Null when its layer does not say, or
 * when the direction, or how far, is not known.
 */
export function coveredGround(
  place: readonly number[],
  coverage: Coverage | undefined,
  properties: Properties,
): Polygon | MultiPolygon | null {
  if (!coverage) return null;
  const area = areaOf(properties[coverage.area ?? '']);
  if (area) return area;
  const { range, usual, most = Number.POSITIVE_INFINITY, sector } = coverage;
  const heading = sector ? properties[sector.heading] : 0;
  const width = sector ? properties[sector.width] : 360;
  const metres = typeof properties[range] === 'number' ? Math.min(properties[range], most) : usual;
  if (typeof heading !== 'number' || typeof width !== 'number' || width <= 0 || !metres) return null;
  const [x = 0, y = 0] = place;
  const radius = metres / getPointResolution('EPSG:3857', 1, [x, y]);
  const steps = Math.max(8, Math.ceil((corners * Math.min(width, 360)) / 360));
  const arc = Array.from({ length: steps + 1 }, (_, step) => {
    const bearing = ((heading + width * (step / steps - 0.5)) * Math.PI) / 180;
    return [x + radius * Math.sin(bearing), y + radius * Math.cos(bearing)];
  });
  return new Polygon([width >= 360 ? arc : [[x, y], ...arc, [x, y]]]);
}

const geoJson = new GeoJSON();

/** The area that a text holds, undefined where it holds none that can be read. */
function areaOf(text: unknown): Polygon | MultiPolygon | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const area = geoJson.readGeometry(text, { featureProjection: 'EPSG:3857' });
    return area instanceof Polygon || area instanceof MultiPolygon ? area : undefined;
  } catch {
    return undefined;
  }
}
