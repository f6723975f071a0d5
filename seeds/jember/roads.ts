import { Delaunay } from 'd3-delaunay';
import { distance, type Km } from '../plane.ts';
import { random } from '../random.ts';
import { meander } from './meander.ts';
import { streetNames } from './names.ts';
import { lengthKm } from './rivers.ts';

interface Road {
  readonly name: string;
  readonly kind: 'arterial' | 'street' | 'collector';
  readonly line: readonly Km[];
  readonly lengthKm: number;
}

/** Where two main streets cross. */
interface Junction {
  readonly name: string;
  readonly point: Km;
}

export interface RoadNetwork {
  /** Town first, then main roads, then streets of the seats, then village roads: the order in which lamps are put up. */
  readonly roads: readonly Road[];
  /** Most important first. */
  readonly junctions: readonly Junction[];
}

export interface Node {
  readonly name: string;
  readonly point: Km;
}

/** A schematic network: main roads between the seats, village roads, and street grids in the town and at the seats. */
export function roadNetwork(town: Node, seats: readonly Node[], villages: readonly Node[]): RoadNetwork {
  const centre = grid(town, 2.8, 0.19, 12);
  const seatGrids = seats.map((seat) => grid(seat, 0.55, 0.16, 12));
  return {
    roads: [
      ...centre.roads,
      ...neighbours(seats).map(([a, b]) => road(`Jl. Raya ${a.name}–${b.name}`, 'arterial', [a.point, b.point])),
      ...seatGrids.flatMap(({ roads }) => roads),
      ...neighbours(villages).map(([a, b]) => road(`Jl. ${a.name}–${b.name}`, 'collector', [a.point, b.point])),
    ],
    junctions: [...centre.junctions, ...seatGrids.map(({ junctions }) => junctions)].flat(),
  };
}

function road(name: string, kind: Road['kind'], points: readonly Km[]): Road {
  const line = kind === 'street' ? points : meander(points, 0.08, random(`road ${name}`));
  return { name, kind, line, lengthKm: lengthKm(line) };
}

/** Pairs joined by a relative neighbourhood graph: no third node is nearer to both (it holds the minimum spanning tree). */
function neighbours(nodes: readonly Node[]): [Node, Node][] {
  const delaunay = Delaunay.from(
    nodes,
    ({ point }) => point[0],
    ({ point }) => point[1],
  );
  return nodes.flatMap((a, index) =>
    [...delaunay.neighbors(index)]
      .filter((other) => other > index)
      .map((other) => nodes[other]!)
      .filter((b) => {
        const length = distance(a.point, b.point);
        return !nodes.some(
          (c) => c !== a && c !== b && Math.max(distance(a.point, c.point), distance(b.point, c.point)) < length,
        );
      })
      .map((b): [Node, Node] => [a, b]),
  );
}

/** Straight streets in two directions, turned by `degrees`, cut by a circle; a crossing counts when both are main (every third). */
function grid({ name, point }: Node, radiusKm: number, spacingKm: number, degrees: number): RoadNetwork {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const turned = (east: number, north: number): Km => [
    point[0] + east * cos - north * sin,
    point[1] + east * sin + north * cos,
  ];
  const names = streetNames(name);
  const steps = Math.floor(radiusKm / spacingKm);
  const offsets = Array.from({ length: 2 * steps + 1 }, (_, index) => (index % 2 ? 1 : -1) * Math.ceil(index / 2));
  const eastward = new Map<number, Road>();
  const northward = new Map<number, Road>();
  for (const offset of offsets) {
    const at = offset * spacingKm;
    const half = Math.sqrt(radiusKm ** 2 - at ** 2);
    if (half < spacingKm) continue;
    eastward.set(offset, road(names(), 'street', [turned(-half, at), turned(half, at)]));
    northward.set(offset, road(names(), 'street', [turned(at, -half), turned(at, half)]));
  }
  const junctions = [...eastward].flatMap(([north, along]) =>
    [...northward].flatMap(([east, across]) => {
      const inside = Math.hypot(north, east) * spacingKm < radiusKm - spacingKm / 2;
      const main = north % 3 === 0 && east % 3 === 0;
      return inside
        ? [
            {
              name: `${along.name} – ${across.name}`,
              point: turned(east * spacingKm, north * spacingKm),
              main,
              from: Math.hypot(north, east),
            },
          ]
        : [];
    }),
  );
  return {
    roads: [...eastward.values(), ...northward.values()],
    junctions: junctions.toSorted((a, b) => Number(b.main) - Number(a.main) || a.from - b.from),
  };
}
