import MVT from 'ol/format/MVT.js';
import RenderFeature from 'ol/render/Feature.js';
import VectorTileSource from 'ol/source/VectorTile.js';
import TileState from 'ol/TileState.js';
import { createXYZ } from 'ol/tilegrid.js';
import type VectorTile from 'ol/VectorTile.js';
import type { PMTiles } from 'pmtiles';

/** The vector tiles of an archive. Rejects when it cannot be read. */
export async function archiveSource(archive: PMTiles, attribution: string): Promise<VectorTileSource> {
  const { minZoom, maxZoom } = await archive.getHeader();
  const format = new MVT({ featureClass: RenderFeature });
  return new VectorTileSource({
    attributions: [attribution],
    format,
    tileGrid: createXYZ({ minZoom, maxZoom, tileSize: 512 }),
    url: 'archive:{z}/{x}/{y}',
    tileLoadFunction: (wanted) => {
      const tile = wanted as VectorTile<RenderFeature>; // a VectorTileSource loads nothing else
      const [z = 0, x = 0, y = 0] = tile.getTileCoord();
      tile.setLoader((extent, _resolution, featureProjection) => {
        archive.getZxy(z, x, y).then(
          (found) => {
            tile.setFeatures(found ? format.readFeatures(found.data, { extent, featureProjection }) : []);
            if (!found) tile.setState(TileState.EMPTY);
          },
          () => tile.setState(TileState.ERROR),
        );
      });
    },
  });
}
