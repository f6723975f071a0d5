import type { Generator } from '../../row.ts';

/** The 31 kecamatan: real names and codes, schematic borders. */
export const district: Generator = function* ({ region }) {
  for (const { code, name, areaKm2 } of region.districts) {
    const inside = region.villages.filter((village) => village.district === code).length;
    yield {
      row: {
        code,
        name,
        area_km2: areaKm2,
        village_count: inside,
        agency: 'Bappeda',
        area_code: code,
        source: 'schematic',
      },
      geometry: region.boundaries.districts.get(code)!,
    };
  }
};
