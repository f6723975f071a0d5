import type Layer from 'ol/layer/Layer.js';
import VectorLayer from 'ol/layer/Vector.js';
import OlMap from 'ol/Map.js';
import { getPointResolution } from 'ol/proj.js';
import View from 'ol/View.js';
import type { Basemap, CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Severity } from '../../server/registry/severity.ts';
import { timeZones } from '../../server/registry/time_zone.ts';
import { zoneName } from '../i18n/format.ts';
import type { Language } from '../i18n/language.ts';
import { serverNow } from '../live/server_clock.ts';
import { basemapLayer } from './basemap.ts';
import { fontFamily } from './label_text.ts';
import { legendEdge, legendSymbol } from './legend_symbol.ts';
import { measureLabel, roundLength } from './measure_label.ts';
import type { Palette } from './palette.ts';
import { worstFirst } from './severity.ts';
import type { Surroundings } from './surroundings.ts';
import { drawSymbol } from './symbol.ts';
import { symbolSheet } from './symbol_sheet.ts';
import { drawTiles, isPoint, styleOf, type TileLayer } from './tile_layer.ts';
import { word } from './words.ts';
import { resolutions } from './zoom.ts';

export interface ExportOptions {
  /** Written at the top; the name of the regency unless said otherwise. */
  readonly title?: string;
  /** Pixels of the image a CSS pixel; 2 unless said otherwise. */
  readonly pixelRatio?: number;
}

/** What the picture is made of. */
export interface Picture {
  readonly map: OlMap;
  readonly layers: readonly TileLayer[];
  /** What lies under all points. */
  readonly density: (surroundings: () => Surroundings) => Layer;
  /** Names, marks and measures: drawn as they are on the page. */
  readonly overlays: readonly VectorLayer[];
  readonly basemap: Basemap | undefined;
  readonly surroundings: Surroundings;
  readonly language: Language;
  readonly title: string;
}

const longestWaitMs = 20_000;
const band = 52;
const foot = 34;

/** The map once more, off the screen, from the same tiles at another pixel ratio. */
async function render(picture: Picture, pixelRatio: number, surroundings: Surroundings): Promise<HTMLCanvasElement> {
  const { map, layers, basemap } = picture;
  const [width = 1, height = 1] = map.getSize() ?? [];
  const target = document.body.appendChild(document.createElement('div'));
  target.style.cssText = `position:fixed;left:-20000px;top:0;width:${width}px;height:${height}px`;
  const background =
    basemap &&
    basemapLayer(
      basemap,
      () => surroundings,
      () => {},
    );
  const drawings: Layer[] = layers
    .filter(({ drawn }) => drawn.getVisible())
    .map(({ layer, tiles, drawn }) => {
      const copy = drawTiles(
        layer,
        tiles,
        styleOf(layer, () => surroundings),
      );
      copy.setOpacity(drawn.getOpacity());
      return copy;
    });
  drawings.push(picture.density(() => surroundings));
  for (const overlay of picture.overlays) {
    const [source, style, declutter] = [overlay.getSource(), overlay.getStyle(), overlay.getDeclutter()];
    drawings.push(
      new VectorLayer({
        ...{ zIndex: overlay.getZIndex() ?? 0, opacity: overlay.getOpacity() },
        ...(source && { source }),
        ...(style && { style }),
        ...(declutter && { declutter }),
      }),
    );
  }
  const view = map.getView();
  const copy = new OlMap({
    target,
    pixelRatio,
    controls: [],
    interactions: [],
    layers: [...(background ? [background] : []), ...drawings],
    view: new View({
      center: view.getCenter() ?? [0, 0],
      resolution: view.getResolution() ?? 1,
      resolutions: [...resolutions],
      enableRotation: false,
    }),
  });
  await new Promise<void>((done) => {
    copy.once('rendercomplete', () => done());
    setTimeout(done, longestWaitMs);
  });
  const canvas = document.createElement('canvas');
  canvas.width = width * pixelRatio;
  canvas.height = height * pixelRatio;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no 2D canvas');
  context.fillStyle = surroundings.sheet.palette.map;
  context.fillRect(0, 0, canvas.width, canvas.height);
  // The background has a canvas under a name of its own, and comes first.
  for (const part of target.querySelectorAll<HTMLCanvasElement>('.ol-layers canvas')) {
    if (part.width === 0) continue;
    const parent = part.parentElement;
    context.save();
    context.globalAlpha = Number(parent?.style.opacity || part.style.opacity || 1);
    const ground = parent?.style.backgroundColor;
    if (ground) {
      context.fillStyle = ground;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }
    const matrix = new DOMMatrix(part.style.transform || undefined);
    // The transform brings device pixels to CSS pixels; the image is in device pixels.
    context.setTransform(new DOMMatrix().scale(pixelRatio).multiply(matrix));
    context.drawImage(part, 0, 0);
    context.restore();
  }
  // The tiles belong to the map on the page: let go of them before the copy goes.
  for (const drawing of drawings) drawing.setSource(null);
  copy.setTarget(undefined);
  copy.dispose();
  target.remove();
  return canvas;
}

interface LegendItem {
  readonly symbol: HTMLCanvasElement;
  readonly text: string;
  readonly width: number;
}

function legendRows(
  context: CanvasRenderingContext2D,
  layers: readonly CatalogueLayer[],
  width: number,
  palette: Palette,
  pixelRatio: number,
  language: Language,
): LegendItem[][] {
  context.font = `500 12px ${fontFamily}`;
  const described = (text: string, symbol: HTMLCanvasElement): LegendItem => ({
    symbol,
    text,
    width: legendEdge + context.measureText(text).width + 18,
  });
  const state = (severity: Severity) =>
    drawSymbol({ icon: 'pin', severity, freshness: 'fresh', form: 'disc', size: 20 }, palette, pixelRatio);
  const items = [
    ...layers.map((layer) => described(layer.title[language], legendSymbol(layer, undefined, palette, pixelRatio))),
    ...(layers.some(isPoint) ? worstFirst.map((severity) => described(word(severity, language), state(severity))) : []),
  ];
  const rows: LegendItem[][] = [[]];
  let used = 0;
  for (const item of items) {
    if (used + item.width > width - 32 && used > 0) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(item);
    used += item.width;
  }
  return rows;
}

/**
 * The picture as a PNG: title and time on top, the map as on the screen, legend, scale bar and attribution below.
 * Rejects when the browser cannot make the image (a raster background without CORS).
 */
export async function exportPng(picture: Picture, options: ExportOptions = {}): Promise<Blob> {
  const { map, language, layers } = picture;
  const pixelRatio = options.pixelRatio ?? 2;
  const { palette } = picture.surroundings.sheet;
  const surroundings = { ...picture.surroundings, sheet: symbolSheet(palette, pixelRatio) };
  const image = await render(picture, pixelRatio, surroundings);

  const [width = 1, height = 1] = map.getSize() ?? [];
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no 2D canvas');
  const shown = layers.filter(({ drawn }) => drawn.getVisible()).map(({ layer }) => layer);
  const rows = legendRows(context, shown, width, palette, pixelRatio, language);
  canvas.width = width * pixelRatio;
  canvas.height = (band + height + rows.length * legendEdge + 12 + foot) * pixelRatio;
  context.scale(pixelRatio, pixelRatio);
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, canvas.height / pixelRatio);
  context.drawImage(image, 0, band, width, height);

  context.textBaseline = 'middle';
  const time = new Intl.DateTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: timeZones[zoneName()].name,
  }).format(serverNow());
  context.fillStyle = palette['ink-2'];
  context.font = `500 13px ${fontFamily}`;
  context.textAlign = 'right';
  context.fillText(`${time} ${zoneName()}`, width - 16, band / 2);
  const timeWidth = context.measureText(`${time} ${zoneName()}`).width;
  context.fillStyle = palette.ink;
  context.textAlign = 'left';
  context.font = `600 20px ${fontFamily}`;
  context.fillText(options.title ?? picture.title, 16, band / 2, width - timeWidth - 48);
  context.fillStyle = palette.accent;
  context.fillRect(0, band - 3, width, 3);

  context.font = `500 12px ${fontFamily}`;
  rows.forEach((row, index) => {
    const y = band + height + 8 + index * legendEdge;
    let x = 12;
    for (const item of row) {
      const [w, h] = [item.symbol.width / pixelRatio, item.symbol.height / pixelRatio];
      context.drawImage(item.symbol, x + (legendEdge - w) / 2, y + (legendEdge - h) / 2, w, h);
      context.fillStyle = palette.ink;
      context.fillText(item.text, x + legendEdge + 2, y + legendEdge / 2);
      x += item.width;
    }
  });

  const bottom = canvas.height / pixelRatio - foot / 2;
  const view = map.getView();
  const ground = getPointResolution('EPSG:3857', view.getResolution() ?? 1, view.getCenter() ?? [0, 0]);
  const length = roundLength(ground * 140);
  context.fillStyle = palette['ink-2'];
  context.fillRect(16, bottom + 5, length / ground, 2);
  context.fillRect(16, bottom - 1, 1.5, 8);
  context.fillRect(16 + length / ground - 1.5, bottom - 1, 1.5, 8);
  context.font = `500 11px ${fontFamily}`;
  context.fillText(measureLabel(length, 'length', language), 22, bottom - 3);
  const credits = [...(map.getTargetElement()?.querySelectorAll('.ol-attribution li') ?? [])].map(
    (item) => item.textContent ?? '',
  );
  context.textAlign = 'right';
  context.fillStyle = palette['ink-3'];
  context.fillText([...credits, 'Pendopo'].join(' · '), width - 16, bottom, width - length / ground - 64);

  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the image could not be made'))), 'image/png');
  });
}
