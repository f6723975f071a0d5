/**
 * The parts of OpenLayers 10.11 that are not its public interface, all in this file. They make a refreshed tile cost
 * one frame and its own features instead of all tiles twice. Pin `ol`, and on an update run the tests of the map
 * first; without them `layer.changed()` gives the same picture for twice the time.
 */
import type { Extent } from 'ol/extent.js';
import type VectorTileLayer from 'ol/layer/VectorTile.js';
import type RenderFeature from 'ol/render/Feature.js';
import TileState from 'ol/TileState.js';
import type { TileCoord } from 'ol/tilecoord.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import type VectorRenderTile from 'ol/VectorRenderTile.js';
import type VectorTile from 'ol/VectorTile.js';

export type SourceTile = VectorTile<RenderFeature>;

type TilesByZoom = Record<number, Set<VectorRenderTile>>;

interface TileRenderer {
  /** What the last frame drew. */
  readonly renderedTiles: readonly VectorRenderTile[];
  readonly getTileCache: () => { readonly forEach: (visit: (tile: VectorRenderTile) => void) => void };
  /** Finds what covers a tile at another zoom; true: all of it. */
  findAltTiles_: (grid: TileGrid, at: TileCoord, zoom: number, found: TilesByZoom) => boolean;
}

function rendererOf(layer: VectorTileLayer): TileRenderer | null {
  // `renderedTiles` is protected in the declarations.
  return layer.hasRenderer() ? (layer.getRenderer() as unknown as TileRenderer | null) : null;
}

const uses = (tile: VectorRenderTile, source: SourceTile) =>
  (tile.sourceTiles as unknown as SourceTile[]).includes(source);

/** Whether the last frame showed a tile. */
export function isShown(layer: VectorTileLayer, source: SourceTile): boolean {
  return layer.getVisible() && (rendererOf(layer)?.renderedTiles.some((tile) => uses(tile, source)) ?? false);
}

/** What the tiles hold that the last frame showed, the finest tiles first: where those are, a coarser one is not seen. */
export function shownTiles(
  layer: VectorTileLayer,
): { readonly z: number; readonly extent: Extent; readonly features: readonly RenderFeature[] }[] {
  return (rendererOf(layer)?.renderedTiles ?? []).toReversed().flatMap(({ tileCoord, sourceTiles }) =>
    (sourceTiles as unknown as SourceTile[]).flatMap((tile) => {
      const features = tile.getFeatures();
      return tile.extent && features ? [{ z: tileCoord[0] ?? 0, extent: tile.extent, features }] : [];
    }),
  );
}

/** Draws one tile anew in the next frame, with the features it has now; the old picture stays until then. */
export function redraw(layer: VectorTileLayer, source: SourceTile): void {
  rendererOf(layer)
    ?.getTileCache()
    .forEach((tile) => {
      if (!uses(tile, source)) return;
      const state = tile.getReplayState(layer);
      state.dirty = true;
      state.renderedTileRevision = -1;
    });
  layer.getMapInternal()?.render();
}

/**
 * Where the tiles of a zoom are not there, OpenLayers shows those of one zoom further in and of all further out. Without a
 * server whoever zooms out by more would see nothing: here it shows all that it still holds from further in, in place of
 * tiles that could not be had (`isMissed`; while they are only on their way it would be much work for a moment).
 */
export function showDeeper(layer: VectorTileLayer, isMissed: (z: number, x: number, y: number) => boolean): void {
  const renderer = layer.getRenderer() as unknown as TileRenderer; // made now if it is not yet
  const find = renderer.findAltTiles_.bind(renderer);
  renderer.findAltTiles_ = (grid, at, zoom, found) => {
    if (find(grid, at, zoom, found)) return true;
    const [z, x, y] = at as [number, number, number];
    if (zoom < z || !isMissed(z, x, y)) return false;
    renderer.getTileCache().forEach((tile) => {
      const [deeper = 0, column = 0, row = 0] = tile.tileCoord;
      const steps = deeper - z;
      if (deeper <= zoom || tile.getState() !== TileState.LOADED) return;
      if (column >> steps !== x || row >> steps !== y) return;
      found[deeper] ??= new Set();
      found[deeper].add(tile);
    });
    return false;
  };
}
