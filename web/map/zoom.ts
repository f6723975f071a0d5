import type { NearestDirectionFunction } from 'ol/array.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import { createXYZ } from 'ol/tilegrid.js';

/** Edge of a tile in CSS pixels. A zoom everywhere in Pendopo is the zoom of such tiles (OpenLayers' own zoom less one). */
export const tileSize = 512;
/** Cells a tile's edge has, of the clusters that the server and the page make. */
export const cellsPerTile = 8;
const worldMetres = 40075016.68557849;

export const minZoom = 4;
export const maxZoom = 20;

/** Resolution in metres (EPSG:3857) a pixel at a zoom. */
export function resolutionAt(zoom: number): number {
  return worldMetres / tileSize / 2 ** zoom;
}

/** Zoom at a resolution. */
export function zoomAt(resolution: number): number {
  return Math.log2(worldMetres / tileSize / resolution);
}

/** Resolutions of the view by whole zoom, from 0. */
export const resolutions: readonly number[] = Array.from({ length: maxZoom + 1 }, (_, zoom) => resolutionAt(zoom));

/** An animation may end a hair above a whole zoom (13.9999): it counts as that zoom. */
export const hair = 0.02;

/** The zoom whose tiles are shown at a view zoom. */
export function tileZoom(zoom: number, deepest: number): number {
  return Math.min(deepest, Math.floor(zoom + hair));
}

/** The same rule for a tile source: the coarser tiles between two zooms, so that a cluster is the cluster of its zoom. */
export const towardsCoarser: NearestDirectionFunction = (value, _high, low) => (value / low < 2 ** hair ? -1 : 1);

/** The XYZ grid of our tiles; deeper zooms reuse the tiles of `deepest`. */
export function tileGrid(deepest: number): TileGrid {
  return createXYZ({ tileSize, maxZoom: deepest });
}
