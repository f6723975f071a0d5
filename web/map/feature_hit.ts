import { getCenter } from 'ol/extent.js';
import type { FeatureLike } from 'ol/Feature.js';
import { toLonLat } from 'ol/proj.js';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Severity } from '../../server/registry/severity.ts';
import { worstFirst } from './severity.ts';

/** What a tile says of a feature; an attribute that is null is absent. Instants are seconds since 1970. */
export type TileProperties = Readonly<Record<string, string | number | boolean>>;

/** What a cluster holds. */
export interface ClusterContent {
  readonly count: number;
  readonly worst: Severity;
  /**
   * Of the one inside that goes stale first, seconds since 1970: when it was observed (0: never), and when it is stale.
   * Null where nothing inside ages.
   */
  readonly stalest: { readonly observed: number; readonly expires: number } | null;
  readonly bySeverity: Readonly<Partial<Record<Severity, number>>>;
  /** All of it lies on one spot: no zoom takes it apart. */
  readonly oneSpot: boolean;
}

/** A feature, or a cluster of them, that is on the map. */
export interface FeatureHit {
  readonly layer: string;
  /** The row's id; null for a cluster. */
  readonly id: number | null;
  /** The name attribute, else the code, else empty. */
  readonly name: string;
  /** Degrees; the middle of the extent for lines and polygons. */
  readonly lonLat: readonly [lon: number, lat: number];
  readonly properties: TileProperties;
  readonly cluster: ClusterContent | null;
  /** Its name was hit, not its shape. */
  readonly named?: boolean;
}

/** The properties of a tile feature. */
export function propertiesOf(feature: FeatureLike): TileProperties {
  // OpenLayers types properties as `any`; our tiles carry only these three kinds of values.
  return feature.getProperties() as TileProperties;
}

/** What a tile feature holds if it is a cluster, else null. */
export function clusterOf(properties: TileProperties): ClusterContent | null {
  const { cluster, count, worst, oldest, expires } = properties;
  if (cluster !== true || typeof count !== 'number') return null;
  const bySeverity: Partial<Record<Severity, number>> = {};
  for (const severity of worstFirst) {
    const share = properties[`n_${severity}`];
    if (typeof share === 'number' && share > 0) bySeverity[severity] = share;
  }
  return {
    count,
    worst: worstFirst.find((severity) => severity === worst) ?? 'unknown',
    stalest: typeof oldest === 'number' && typeof expires === 'number' ? { observed: oldest, expires } : null,
    bySeverity,
    oneSpot: properties.one_spot === true,
  };
}

/** The name a person knows a feature by: its name attribute, else its code, else empty. */
function nameOf(layer: CatalogueLayer, properties: TileProperties): string {
  return String(properties[layer.name] ?? properties.code ?? '');
}

/** A tile feature of a layer as the panels read it. */
export function featureHit(layer: CatalogueLayer, feature: FeatureLike): FeatureHit {
  const properties = propertiesOf(feature);
  const id = Number(feature.getId());
  const cluster = clusterOf(properties);
  const [lon = 0, lat = 0] = toLonLat(getCenter(feature.getGeometry()?.getExtent() ?? [0, 0, 0, 0]));
  return {
    layer: layer.id,
    id: cluster || !Number.isSafeInteger(id) ? null : id,
    name: nameOf(layer, properties),
    lonLat: [lon, lat],
    properties,
    cluster,
  };
}
