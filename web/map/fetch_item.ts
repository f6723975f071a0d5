import GeoJSON from 'ol/format/GeoJSON.js';
import type Geometry from 'ol/geom/Geometry.js';
import { fetchJson, RequestFailed } from '../api/fetch_json.ts';
import type { Properties } from './covered_ground.ts';

const format = new GeoJSON({ featureProjection: 'EPSG:3857' });

/**
 * The whole geometry (EPSG:3857) and attributes of a feature from the OGC API; null when it is not there (any more).
 * @throws RequestFailed when it cannot be read.
 */
export async function fetchItem(
  items: string,
  id: number,
  signal: AbortSignal,
): Promise<{ geometry: Geometry | null; properties: Properties } | null> {
  const item = await fetchJson(`${items}/${id}`, { signal }).catch((error: unknown) => {
    if (error instanceof RequestFailed && error.status === 404) return null;
    throw error;
  });
  if (item === null) return null;
  const feature = format.readFeature(item);
  if (Array.isArray(feature)) return null;
  return { geometry: feature.getGeometry() ?? null, properties: feature.getProperties() };
}
