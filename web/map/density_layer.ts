import { type Extent, getCenter, getTopLeft } from 'ol/extent.js';
import ImageLayer from 'ol/layer/Image.js';
import ImageCanvasSource from 'ol/source/ImageCanvas.js';
import { densityGrid, densityOpacity, type Heap } from './density_grid.ts';
import { clusterOf, propertiesOf } from './feature_hit.ts';
import { isDensity } from './is_density.ts';
import { shownTiles } from './ol_internals.ts';
import type { Palette } from './palette.ts';
import type { Surroundings } from './surroundings.ts';
import type { TileLayer } from './tile_layer.ts';
import { zIndexOf } from './z_index.ts';
import { cellsPerTile, resolutionAt, tileSize, zoomAt } from './zoom.ts';

/** CSS pixels that a cell of the surface is wide: what is this soft needs no more. */
const grain = 4;
/** Cells of the server's clusters over which each is spread: far enough that no grid of them is seen. */
const spread = 1.35;

/** A surface that shows where the things of such layers crowd, under all points, from the clusters that are on the screen. */
export interface DensityLayer {
  readonly layer: ImageLayer<ImageCanvasSource>;
  /** To be called when clusters have arrived, or the colours changed. */
  readonly update: () => void;
  /** The same as a layer for print. */
  readonly forPrint: (surroundings: () => Surroundings) => ImageLayer<ImageCanvasSource>;
}

/** Makes the surface, of nothing at first. */
export function densityLayer(layers: () => readonly TileLayer[], surroundings: () => Surroundings): DensityLayer {
  function make(around: () => Surroundings) {
    const source = new ImageCanvasSource({
      ratio: 1,
      canvasFunction: (extent, resolution, pixelRatio, [width = 1, height = 1]) => {
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [width, height];
        const context = canvas.getContext('2d');
        for (const of of layers()) {
          if (!context || !of.drawn.getVisible() || !isDensity(of.layer, zoomAt(resolution))) continue;
          context.globalAlpha = of.drawn.getOpacity();
          const surface = drawSurface(of, extent, resolution, around().sheet.palette);
          if (surface)
            context.drawImage(surface, 0, 0, surface.width * grain * pixelRatio, surface.height * grain * pixelRatio);
        }
        return canvas;
      },
    });
    return new ImageLayer({ source, zIndex: zIndexOf('density') });
  }
  const layer = make(surroundings);
  return { layer, update: () => layer.getSource()?.changed(), forPrint: make };
}

function drawSurface(of: TileLayer, extent: Extent, resolution: number, palette: Palette) {
  const cell = resolution * grain;
  const [west = 0, north = 0] = getTopLeft(extent);
  const [, south = 0, east = 0] = extent;
  const [width, height] = [Math.ceil((east - west) / cell), Math.ceil((north - south) / cell)];
  const heaps = shownTiles(of.drawn).flatMap(({ z, features }) =>
    features.map((feature): Heap => {
      const [x = 0, y = 0] = getCenter(feature.getExtent());
      const count = clusterOf(propertiesOf(feature))?.count ?? 1;
      const radius = (spread * resolutionAt(z) * tileSize) / cellsPerTile / cell;
      return { x: (x - west) / cell, y: (north - y) / cell, count, radius };
    }),
  );
  if (heaps.length === 0) return undefined;
  const grid = densityGrid(width, height, heaps);
  const peak = grid.reduce((most, density) => Math.max(most, density), 0);
  return paint(grid, width, height, palette.accent, (density) => densityOpacity(density, peak));
}

/** A grid as a picture of one colour, a pixel a cell. */
function paint(grid: Float32Array, width: number, height: number, color: string, opacity: (density: number) => number) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const image = context.createImageData(width, height);
  grid.forEach((density, at) => {
    image.data.set([red, green, blue, Math.round(255 * opacity(density))], 4 * at);
  });
  context.putImageData(image, 0, 0);
  return canvas;
}
