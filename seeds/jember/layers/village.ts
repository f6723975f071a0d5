import type { Generator } from '../../row.ts';

/** The 248 desa and kelurahan: real names and codes, schematic borders. */
export const village: Generator = function* ({ region }) {
  for (const { code, name, areaKm2 } of region.villages)
    yield {
      row: { code, name, area_km2: areaKm2, agency: 'Bappeda', area_code: code, source: 'schematic' },
      geometry: region.boundaries.villages.get(code)!,
    };
};
