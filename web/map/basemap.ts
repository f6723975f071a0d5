import type BaseLayer from 'ol/layer/Base.js';
import TileImageLayer from 'ol/layer/Tile.js';
import VectorTileLayer from 'ol/layer/VectorTile.js';
import type DataTileSource from 'ol/source/DataTile.js';
import XYZ from 'ol/source/XYZ.js';
import { PMTiles } from 'pmtiles';
import type { Basemap } from '../../server/registry/catalogue.ts';
import { archiveSource } from './archive_source.ts';
import { basemapGround, basemapStyle } from './basemap_style.ts';
import { showDeeper } from './ol_internals.ts';
import type { Surroundings } from './surroundings.ts';

function hasLand(metadata: unknown): boolean {
  const layers = (metadata as { vector_layers?: unknown } | null)?.vector_layers; // TileJSON 3, if it is what it should be
  return Array.isArray(layers) && layers.some(({ id }) => id === 'land' || id === 'earth');
}

/** Raster backgrounds whose servers let their pictures be looked at, not copied (no CORS): with them no map can be saved. */
const uncopied = new Set<string>();

/** A canvas of its own, below the one of the data: the names of places must not lie over symbols. */
const className = 'map-ground';

/**
 * The layer of a background, or null for the plain colour. Relative addresses are the server's own.
 * `failed` is called when the archive cannot be read; the map is the plain colour then.
 */
export function basemapLayer(basemap: Basemap, surroundings: () => Surroundings, failed: () => void): BaseLayer | null {
  const attributions = basemap.attribution;
  const url = basemap.kind === 'xyz' ? basemap.url : new URL(basemap.url, location.href).href;
  const background = { className, properties: { basemap: basemap.id } };
  switch (basemap.kind) {
    case 'none':
      return null;
    case 'xyz': {
      const read = (crossOrigin: 'anonymous' | null, refused: () => void) => {
        const source = new XYZ({ url, attributions, crossOrigin, maxZoom: 19 });
        let arrived = false;
        source.once('tileloadend', () => {
          arrived = true;
        });
        source.once('tileloaderror', () => {
          if (!arrived) refused();
        });
        return source;
      };
      const layer = new TileImageLayer(background);
      const justLook = () => {
        uncopied.add(url);
        layer.setSource(read(null, failed));
      };
      if (uncopied.has(url)) justLook();
      else layer.setSource(read('anonymous', justLook));
      return layer;
    }
    case 'pmtiles-raster': {
      // On the canvas: a WebGL layer would bring 40 KB of script and a context for the same picture.
      const layer = new TileImageLayer<DataTileSource>(background);
      // Asked first: the source would throw where nobody can catch it when the archive is not there.
      Promise.all([import('ol-pmtiles'), new PMTiles(url).getHeader()]).then(([{ PMTilesRasterSource }]) => {
        layer.setSource(new PMTilesRasterSource({ url, attributions: [attributions] }));
      }, failed);
      return layer;
    }
    case 'pmtiles-vector': {
      // An archive that draws the land leaves the sea to the ground; one that does not draws the sea on land.
      let land = false;
      const layer = new VectorTileLayer({
        ...background,
        background: () => {
          const { palette } = surroundings().sheet;
          return land ? basemapGround(palette) : palette.land;
        },
        style: basemapStyle(surroundings),
        declutter: 'place',
        cacheSize: 64,
        renderBuffer: 64,
      });
      showDeeper(layer, () => true);
      const archive = new PMTiles(url);
      Promise.all([archiveSource(archive, attributions), archive.getMetadata()]).then(([source, metadata]) => {
        land = hasLand(metadata);
        layer.setSource(source);
      }, failed);
      return layer;
    }
  }
}
