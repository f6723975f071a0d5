import type Style from 'ol/style/Style.js';
import type { StyleFunction } from 'ol/style/Style.js';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { shortAge } from '../i18n/age.ts';
import { choiceBeside, doubt } from './beside_number.ts';
import { clusterSize, twelfths } from './cluster_symbol.ts';
import { type ClusterContent, clusterOf, propertiesOf, type TileProperties } from './feature_hit.ts';
import { isDensity } from './is_density.ts';
import { labelStyle } from './label_text.ts';
import { shortCount, valueLabel } from './number_label.ts';
import { pointLook } from './point_look.ts';
import type { Surroundings } from './surroundings.ts';
import type { SymbolLook } from './symbol.ts';
import { hair, zoomAt } from './zoom.ts';

/** First zoom at which a value is written beside its symbol. */
const valueLabelZoom = 13;
/** What is drawn as dots is so below this zoom, and as small discs from it on. */
const discZoom = 15;

/** The form and diameter of a layer's symbol at a zoom, in CSS pixels. */
export function symbolForm(layer: CatalogueLayer, zoom: number, scale: number): Pick<SymbolLook, 'form' | 'size'> {
  if (layer.symbol === 'dot' && zoom < discZoom) return { form: 'dot', size: 8 * scale };
  if (layer.symbol === 'soft') return { form: 'soft', size: 20 * scale };
  const form = layer.symbol === 'bubble' ? 'bubble' : 'disc';
  return { form, size: (zoom < valueLabelZoom || layer.symbol === 'dot' ? 20 : 24) * scale };
}

/**
 * The style of a point layer: the first rule that holds, the age of the observation, clusters, and the value beside
 * the symbol. `surroundings` is read at every call, so a minute that passes needs only a redraw.
 */
export function pointStyle(layer: CatalogueLayer, surroundings: () => Surroundings): StyleFunction {
  const lookOf = pointLook(layer);
  const labelled = layer.valueLabel === undefined ? undefined : layer.attributes[layer.valueLabel];
  const soft = layer.symbol === 'soft';

  const ofCluster = (content: ClusterContent, zoom: number, { sheet, language, now, scale }: Surroundings) => {
    const calm = content.worst === 'normal' || content.worst === 'unknown';
    return sheet.cluster({
      icon: layer.icon,
      label: shortCount(content.count, language),
      size: clusterSize(content.count) * scale,
      worst: content.worst,
      twelfths: twelfths(content.bySeverity),
      stale: content.stalest !== null && now / 1000 >= content.stalest.expires,
      soft,
      scale,
      bare: calm && isDensity(layer, zoom),
    });
  };

  const labels = new Map<string, Style>();
  let labelsOf: Surroundings['sheet'] | undefined;
  const valueBeside = (properties: TileProperties, beside: number, { sheet, language, now, scale }: Surroundings) => {
    if (!labelled || layer.valueLabel === undefined) return undefined;
    const value = valueLabel(properties[layer.valueLabel], labelled, language);
    if (value === '') return undefined;
    const { arrow } = choiceBeside(layer, layer.valueLabel, 'trend', properties) ?? {};
    const isDoubted = doubt(layer, layer.valueLabel, properties) !== undefined;
    // What stands still needs no arrow on the map.
    const text = [value, arrow === '→' ? undefined : arrow, isDoubted ? '?' : undefined].filter(Boolean).join(' ');
    if (labelsOf !== sheet) labels.clear();
    labelsOf = sheet;
    const { observed_at: observed } = properties;
    const under = layer.labelAge && typeof observed === 'number' ? shortAge(now / 1000 - observed, language) : '';
    const key = `${beside} ${text} ${under}`;
    let style = labels.get(key);
    if (!style) {
      style = labelStyle(
        { text, under, color: sheet.palette.ink, weight: 600, pixels: 12, beside },
        sheet.palette,
        scale,
      );
      labels.set(key, style);
    }
    return style;
  };

  return (feature, resolution) => {
    const around = surroundings();
    const properties = propertiesOf(feature);
    const zoom = zoomAt(resolution);
    const content = clusterOf(properties);
    if (content) return ofCluster(content, zoom, around);
    const look = lookOf(properties, around.now);
    if (!look) return undefined;
    const form = symbolForm(layer, zoom, around.scale);
    const isNear = layer.heads !== undefined && zoom >= layer.heads.from - hair;
    const symbol = around.sheet.symbol({ ...form, ...look, heads: isNear ? look.heads : undefined });
    const { heading: course } = look;
    const arrowBeside = course !== undefined && course >= 45 && course <= 135;
    const beside = form.size / 2 + (arrowBeside ? 10 : 1);
    const written = zoom >= valueLabelZoom - hair && !around.unlabelled.has(layer.id);
    const label = written ? valueBeside(properties, beside, around) : undefined;
    return label ? [symbol, label] : symbol;
  };
}
