import type { HeldIn } from '../../server/accounts/held_in.ts';

type Area = HeldIn['areas'][number];

/** What an area is called, with its code: a village by its district as well, because several have the same name. */
export function areaNames(areas: readonly Area[]): ReadonlyMap<string, string> {
  const districts = new Map(areas.filter(({ layer }) => layer === 'district').map(({ code, name }) => [code, name]));
  return new Map(
    areas.map(({ layer, code, name }) => {
      const district = layer === 'village' ? districts.get(code.slice(0, code.lastIndexOf('.'))) : undefined;
      return [code, [name, district].filter(Boolean).join(', ')];
    }),
  );
}
