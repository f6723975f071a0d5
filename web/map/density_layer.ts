import { type Extent, getCenter, getTopLeft } from 'ol/extent.js';
import ImageLayer from 'ol/layer/Image.js';
import ImageCanvasSource from 'ol/source/ImageCanvas.js';
import { densityGrid, densityOpacity, type Heap } from './density_grid.ts';
import { tilesAsSeen } from './drawn_features.ts';
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
  /** What of the screen a surface is made of: the layers, their tiles' contents, their opacity, the colours. */
  const sources = (zoom: number, around: Surroundings) => {
    const of = layers().filter(({ layer, drawn }) => drawn.getVisible() && isDensity(layer, zoom));
    const parts = of.flatMap(({ drawn }) => [drawn.getOpacity(), ...shownTiles(drawn).map(({ features }) => features)]);
    return { of, made: [around.sheet.palette.id, ...parts] };
  };
  let made: readonly unknown[] = [];

  function make(around: () => Surroundings, noted?: (made: readonly unknown[]) => void) {
    const source = new ImageCanvasSource({
      ratio: 1.25,
      canvasFunction: (extent, resolution, pixelRatio, [width = 1, height = 1]) => {
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [width, height];
        const context = canvas.getContext('2d');
        const from = sources(zoomAt(resolution), around());
        noted?.(from.made);
        for (const of of from.of) {
          if (!context) continue;
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
  const layer = make(surroundings, (of) => {
    made = of;
  });
  return {
    layer,
    update() {
      const zoom = layer.getMapInternal()?.getView().getZoom() ?? 0;
      const next = sources(zoom, surroundings());
      layer.setVisible(next.of.length > 0);
      // Things that move and report all the time do not make it anew, which would cost a frame of the whole map.
      const isSame = next.made.length === made.length && next.made.every((part, index) => part === made[index]);
      if (!isSame) layer.getSource()?.changed();
    },
    forPrint: (around) => make(around),
  };
}

function drawSurface(of: TileLayer, extent: Extent, resolution: number, palette: Palette) {
  const cell = resolution * grain;
  const [west = 0, north = 0] = getTopLeft(extent);
  const [, south = 0, east = 0] = extent;
  const [width, height] = [Math.ceil((east - west) / cell), Math.ceil((north - south) / cell)];
  const heaps = tilesAsSeen(of.drawn).flatMap(({ z, features, isSeen }) =>
    features.flatMap((feature): Heap | [] => {
      const [x = 0, y = 0] = getCenter(feature.getExtent());
      if (!isSeen([x, y])) return [];
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
