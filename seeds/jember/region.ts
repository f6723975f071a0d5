import { toKm } from '../plane.ts';
import type { Random } from '../random.ts';
import { type Boundaries, boundaries } from './boundaries.ts';
import { type District, districts, places, type Village, villages } from './facts.ts';
import { outline } from './outline.ts';
import { type River, rivers } from './rivers.ts';
import { type Node, type RoadNetwork, roadNetwork } from './roads.ts';
import { type Centre, type Spot, settlement } from './settlement.ts';

/** The schematic regency that everything is placed in. */
export interface Region {
  readonly districts: readonly District[];
  readonly villages: readonly Village[];
  /** By a code that `villageAt` gave. */
  readonly village: (code: string) => Village;
  readonly boundaries: Boundaries;
  readonly rivers: readonly River[];
  readonly roads: RoadNetwork;
  readonly town: Node;
  /** One a district; its market is beside it. */
  readonly seats: readonly (Node & { readonly district: string })[];
  /** Where businesses are. */
  readonly anywhere: (chance: Random) => Spot;
  /** Where reports come from: mostly the town. */
  readonly mostlyTown: (chance: Random) => Spot;
}

/** Builds the regency from the facts; about a second of work, the same every time. */
export function region(): Region {
  const [theDistricts, theVillages, thePlaces] = [districts(), villages(), places()];
  const shape = outline(theVillages);
  const bounds = boundaries(theVillages, theDistricts, shape);
  const centre = thePlaces.find(({ kind }) => kind === 'town centre');
  const town: Node = { name: 'Jember', point: toKm(centre?.point ?? [113.70222, -8.16889]) };
  const seats = theDistricts.map((district) => {
    const seat = thePlaces.find(
      ({ kind, name, point }) => kind === 'kecamatan seat' && name === district.name && point,
    );
    return { name: district.name, district: district.code, point: toKm(seat?.point ?? district.point) };
  });
  const villageNodes = theVillages.map(({ name, point }) => ({ name, point: toKm(point) }));
  const byCode = new Map(theVillages.map((village) => [village.code, village]));
  const markets = [town, ...seats].map(
    ({ point }): Centre => ({ point: [point[0] + 0.3, point[1] - 0.2], sigmaKm: 0.12, weight: 1 }),
  );
  const settled = theVillages.map(
    (village): Centre => ({
      point: toKm(village.point),
      sigmaKm: 0.4 * Math.sqrt(village.areaKm2 / Math.PI),
      weight: village.kind === 'kelurahan' ? 0.6 : 0.25,
    }),
  );
  return {
    districts: theDistricts,
    villages: theVillages,
    village: (code) => byCode.get(code)!,
    boundaries: bounds,
    rivers: rivers(shape),
    roads: roadNetwork(town, seats, villageNodes),
    town,
    seats,
    anywhere: settlement(
      [
        { point: town.point, sigmaKm: 2.2, weight: 45 },
        ...seats.map(({ point }) => ({ point, sigmaKm: 0.7, weight: 1.6 })),
        ...markets,
        ...settled,
      ],
      bounds.villageAt,
    ),
    mostlyTown: settlement(
      [
        { point: town.point, sigmaKm: 2.5, weight: 60 },
        ...seats.map(({ point }) => ({ point, sigmaKm: 0.9, weight: 0.8 })),
        ...settled.map((one) => ({ ...one, weight: one.weight * 0.25 })),
      ],
      bounds.villageAt,
    ),
  };
}
