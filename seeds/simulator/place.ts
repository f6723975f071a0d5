import type { Region } from '../jember/region.ts';
import type { Place } from './city.ts';

/** What the simulator needs of the regency. */
export function placeOf({ roads, town, seats, mostlyTown, village }: Region): Place {
  return {
    roads: roads.roads.filter(({ kind }) => kind === 'arterial'),
    centres: [town, ...seats].map(({ point }) => point),
    anywhere(chance) {
      const { position, village: code } = mostlyTown(chance);
      return { position, village: village(code).name };
    },
  };
}
