import Icon from 'ol/style/Icon.js';
import Style from 'ol/style/Style.js';
import { type ClusterLook, clusterKey, drawCluster } from './cluster_symbol.ts';
import type { Palette } from './palette.ts';
import { drawSymbol, type SymbolLook, symbolKey } from './symbol.ts';

/** The point symbols of one palette at one pixel ratio, each drawn once, when it is first needed. */
export interface SymbolSheet {
  readonly palette: Palette;
  readonly pixelRatio: number;
  readonly symbol: (look: SymbolLook) => Style;
  readonly cluster: (look: ClusterLook) => Style;
}

/** Makes an empty sheet; a change of theme, of pixel ratio or of fonts makes a new one. */
export function symbolSheet(palette: Palette, pixelRatio: number): SymbolSheet {
  const styles = new Map<string, Style>();
  const cached = (key: string, draw: () => HTMLCanvasElement) => {
    let style = styles.get(key);
    if (!style) {
      // 'none' on every symbol: ol 10.11 finds no undecluttered point of a vector tile under the pointer otherwise.
      style = new Style({ image: new Icon({ img: draw(), scale: 1 / pixelRatio, declutterMode: 'none' }) });
      styles.set(key, style);
    }
    return style;
  };
  return {
    palette,
    pixelRatio,
    symbol: (look) => cached(symbolKey(look), () => drawSymbol(look, palette, pixelRatio)),
    cluster: (look) => cached(clusterKey(look), () => drawCluster(look, palette, pixelRatio)),
  };
}
