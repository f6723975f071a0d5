import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { TileProperties } from './feature_hit.ts';

/** What a tile of the layer would say of a feature that the OGC API tells: nothing of null, instants in seconds since 1970. */
export function tileProperties(
  { tile, attributes }: Pick<CatalogueLayer, 'tile' | 'attributes'>,
  properties: Readonly<Record<string, string | number | boolean | null | undefined>>,
): TileProperties {
  const entries = tile.flatMap((key) => {
    const value = properties[key] ?? null;
    if (value === null) return [];
    const isInstant = key === 'observed_at' || attributes[key]?.kind === 'instant';
    return [[key, isInstant ? Math.floor(Date.parse(String(value)) / 1000) : value] as const];
  });
  return Object.fromEntries(entries);
}
