import type { GeometryKind } from '../../server/registry/layer.ts';
import { latitude, longitude, type TileAddress, worldSize } from '../../tiles/mercator.ts';

type Random = () => number;
const [west, south, east, north] = [113.3, -8.5, 114, -8] as const;

/** Places of one kind as EWKT, spread over the regency, with those at which a tile server goes wrong. */
export function placesOf(kind: GeometryKind, random: Random, count: number): string[] {
  const make = { Point: point, LineString: line, Polygon: polygon } as const;
  const special = { Point: corners, LineString: edges, Polygon: () => [] } as const;
  const single = kind.replace('Multi', '') as keyof typeof make;
  const places = [...special[single](), ...Array.from({ length: count }, () => make[single](random))];
  if (!kind.startsWith('Multi')) return places.map(ewkt(kind));
  return places.map((place, i) => ewkt(kind)(i % 5 === 0 ? `(${place}),(${distant(single, random)})` : `(${place})`));
}

const ewkt = (kind: string) => (coordinates: string) => `SRID=4326;${kind.toUpperCase()}(${coordinates})`;

/** The tile at whose north-western corner something lies on every side. */
export const cornerTile: TileAddress = { z: 14, x: 13365, y: 8565 };

function at(random: Random): [number, number] {
  // Half of them in the town: dense tiles and empty ones.
  const spread = random() < 0.5 ? 0.05 : 1;
  const around = (from: number, to: number) => (from + to) / 2 + (random() - 0.5) * (to - from) * spread;
  return [around(west, east), around(south, north)];
}

function point(random: Random): string {
  return at(random).join(' ');
}

/** Where tiles meet at z14: on the corner, on each edge, one world unit to either side; and the ends of the world. */
function corners(): string[] {
  const near = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => fromCorner(dx + 0.5, dy + 0.5)));
  const latitudes = [85.05, 85.0511287798066].flatMap((lat) => [`0 ${lat}`, `0 -${lat}`]);
  return [...near, '-180 0', '180 0', '179.99999 0', '0 0', ...latitudes];
}

/** So many world units to the east and the south of the corner, as WKT. */
function fromCorner(dx: number, dy: number): string {
  const side = worldSize / 2 ** cornerTile.z;
  return `${longitude(cornerTile.x * side + dx)} ${latitude(cornerTile.y * side + dy)}`;
}

/** Lines that cross the edges of tiles at z14, run along them, and beside them within the buffer and without; and one over all islands. */
function edges(): string[] {
  const unit = worldSize / 2 ** cornerTile.z / 4096;
  const lines: readonly (readonly (readonly [x: number, y: number])[])[] = [
    ...([
      [
        [-100, -100],
        [100, 100],
      ],
      [
        [-100, 100],
        [100, -100],
      ],
    ] as const),
    [
      [0, -300],
      [0, 300],
    ],
    [
      [-300, 0],
      [300, 0],
    ],
    ...[20, 62, 66].flatMap(
      (off) =>
        [
          [
            [-off, 100],
            [-off, 900],
          ],
          [
            [100, -off],
            [900, -off],
          ],
        ] as const,
    ),
    // Out and back, each time beyond the buffer.
    [
      [500, 50],
      [500, -90],
      [600, -90],
      [600, 50],
      [700, 50],
      [700, -90],
    ],
    // Its ends and its vertices are in no tile that it crosses here.
    [
      [-9000, -9100],
      [9100, 9000],
    ],
  ];
  return [
    ...lines.map((line) => line.map(([x, y]) => fromCorner(x * unit + 0.5, y * unit + 0.5)).join(', ')),
    '95.2 5.6, 141 -8.9',
  ];
}

function line(random: Random): string {
  const [lon, lat] = at(random);
  const vertices = 2 + Math.floor(random() * 40);
  const step = 10 ** (-4 + random() * 2);
  let angle = random() * 7;
  const xy: [number, number][] = [[lon, lat]];
  for (let i = 1; i < vertices; i++) {
    angle += (random() - 0.5) * 1.5;
    const [px, py] = xy[i - 1]!;
    xy.push([px + Math.cos(angle) * step, py + Math.sin(angle) * step]);
  }
  return xy.map((p) => p.join(' ')).join(', ');
}

/**
 * A round polygon with two to five lobes, every third one with a hole; some as small as a house, some as large as a
 * regency. Smooth, because PostGIS repairs what a spike becomes when it is rounded, and no two repairs are alike.
 */
function polygon(random: Random): string {
  const [lon, lat] = at(random);
  const radius = 10 ** (-3.5 + random() * 2.7);
  const vertices = 12 + Math.floor(random() * 60);
  const lobes = 2 + Math.floor(random() * 4);
  const phase = random() * 7;
  const ring = (scale: number) => {
    const xy = Array.from({ length: vertices }, (_, i) => {
      const angle = (i / vertices) * 2 * Math.PI;
      const r = radius * scale * (0.85 + 0.15 * Math.sin(lobes * angle + phase));
      return `${lon + r * Math.cos(angle)} ${lat + r * Math.sin(angle)}`;
    });
    return `(${[...xy, xy[0]].join(', ')})`;
  };
  return random() < 0.33 ? `${ring(1)}, ${ring(0.4)}` : ring(1);
}

/** A second part, far enough away not to touch the first. */
function distant(kind: 'Point' | 'LineString' | 'Polygon', random: Random): string {
  const lon = 116 + random();
  const lat = -8.5 + random();
  if (kind === 'Point') return `${lon} ${lat}`;
  if (kind === 'LineString') return `${lon} ${lat}, ${lon + 0.01} ${lat + 0.01}`;
  return `(${lon} ${lat}, ${lon + 0.01} ${lat}, ${lon} ${lat + 0.01}, ${lon} ${lat})`;
}
