import { fromLonLat, toLonLat } from 'ol/proj.js';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { cellsPerTile, resolutionAt, tileSize } from './zoom.ts';

/**
 * The extent in degrees of the cell that a cluster at a place stands for, in the tiles of a zoom: 8 × 8 cells a tile.
 */
export function clusterCell(lonLat: readonly [lon: number, lat: number], zoom: number): Bbox {
  const edge = (resolutionAt(zoom) * tileSize) / cellsPerTile;
  const [x = 0, y = 0] = fromLonLat([...lonLat]);
  const [left, bottom] = [Math.floor(x / edge) * edge, Math.floor(y / edge) * edge];
  const [west = 0, south = 0] = toLonLat([left, bottom]);
  const [east = 0, north = 0] = toLonLat([left + edge, bottom + edge]);
  return [west, south, east, north];
}
