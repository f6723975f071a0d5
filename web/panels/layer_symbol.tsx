import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { StyleRule } from '../../server/registry/style_rule.ts';
import { legendSymbol } from '../map/legend_symbol.ts';
import { MapDrawing } from './symbol.tsx';

/** The symbol of one rule of a layer exactly as the map draws it; without a rule, of the layer itself, calm. */
export function LayerSymbol({ layer, rule }: { readonly layer: CatalogueLayer; readonly rule?: StyleRule }) {
  const point = layer.geometry.endsWith('Point');
  const drawn = rule ?? (point ? undefined : layer.style.at(-1));
  return (
    <MapDrawing
      look={`${layer.id}/${drawn?.label.en ?? ''}`}
      draw={(palette, ratio) => legendSymbol(layer, drawn, palette, ratio)}
    />
  );
}
