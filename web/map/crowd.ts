import { type Extent, getCenter } from 'ol/extent.js';
import RenderFeature from 'ol/render/Feature.js';
import type { Severity } from '../../server/registry/severity.ts';
import { propertiesOf, type TileProperties } from './feature_hit.ts';
import { worstFirst } from './severity.ts';
import { cellsPerTile } from './zoom.ts';

/** A tile with more points than this is thinned: half a dozen of them in view are what a canvas draws in a frame. */
const mostInTile = 1000;
/** A cell (an eighth of the tile wide, as the server's clusters) with more points than this becomes one cluster. */
const mostInCell = 9;

/** What a crowd must know of a point. */
export interface CrowdReading {
  readonly severity: Severity;
  /** Minutes after which its observation is stale; undefined: it does not age. */
  readonly staleAfter: number | undefined;
}

function clusterOfCell(
  points: readonly RenderFeature[],
  read: (properties: TileProperties) => CrowdReading,
): RenderFeature {
  const counts = new Map<Severity, number>();
  let stalest: { readonly oldest: number; readonly expires: number } | undefined;
  let [x, y] = [0, 0];
  const places = new Set<string>();
  for (const point of points) {
    const properties = propertiesOf(point);
    const { severity, staleAfter } = read(properties);
    counts.set(severity, (counts.get(severity) ?? 0) + 1);
    if (staleAfter !== undefined) {
      // What was never observed is staler than all that ever was, as in the server's clusters.
      const oldest = typeof properties.observed_at === 'number' ? properties.observed_at : 0;
      const expires = oldest === 0 ? 0 : oldest + staleAfter * 60;
      if (!stalest || expires < stalest.expires) stalest = { oldest, expires };
    }
    const [px = 0, py = 0] = getCenter(point.getExtent());
    places.add(`${px} ${py}`);
    x += px / points.length;
    y += py / points.length;
  }
  const properties = {
    cluster: true,
    count: points.length,
    worst: worstFirst.find((severity) => counts.has(severity)) ?? 'normal',
    ...stalest,
    ...(places.size === 1 && { one_spot: true }),
    ...Object.fromEntries([...counts].map(([severity, count]) => [`n_${severity}`, count])),
  };
  return new RenderFeature('Point', [x, y], [], 2, properties, undefined);
}

/**
 * The points of a tile, where they crowd put together to clusters like the server's: a canvas draws about five
 * thousand symbols a frame, and a town can hold ten times that at a layer's first full zoom. Nothing is left out:
 * counts and severities add up. `extent` is the tile's, in the features' units.
 */
export function thinCrowd(
  features: RenderFeature[],
  extent: Extent,
  read: (properties: TileProperties) => CrowdReading,
): RenderFeature[] {
  if (features.length <= mostInTile) return features;
  const [west = 0, south = 0, east = 1, north = 1] = extent;
  const cells = new Map<number, RenderFeature[]>();
  for (const feature of features) {
    const [x = 0, y = 0] = getCenter(feature.getExtent());
    const column = Math.floor(((x - west) / (east - west)) * cellsPerTile);
    const row = Math.floor(((y - south) / (north - south)) * cellsPerTile);
    const cell = row * cellsPerTile + column;
    const points = cells.get(cell);
    if (points) points.push(feature);
    else cells.set(cell, [feature]);
  }
  return [...cells.values()].flatMap((points) => (points.length > mostInCell ? clusterOfCell(points, read) : points));
}
