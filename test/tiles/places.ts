import type { GeometryKind } from '../../server/registry/layer.ts';
import { latitude, longitude, worldSize } from '../../tiles/mercator.ts';

type Random = () => number;
const [west, south, east, north] = [113.3, -8.5, 114, -8] as const;

/** Places of one kind as EWKT, spread over the regency, with those at which a tile server goes wrong. */
export function placesOf(kind: GeometryKind, random: Random, count: number): string[] {
  const make = { Point: point, LineString: line, Polygon: polygon } as const;
  const single = kind.replace('Multi', '') as keyof typeof make;
  const places = Array.from({ length: count }, () => make[single](random));
  const special = kind === 'Point' ? corners() : [];
  if (!kind.startsWith('Multi')) return [...special, ...places].map(ewkt(kind));
  return places
    .map((place, i) => ewkt(kind)(i % 5 === 0 ? `(${place}),(${distant(single, random)})` : `(${place})`))
    .map(unwrapped);
}

const ewkt = (kind: string) => (coordinates: string) => `SRID=4326;${kind.toUpperCase()}(${coordinates})`;
const unwrapped = (text: string) => text.replace(/^(SRID=4326;MULTIPOINT\()\((.*)\)\)$/, '$1($2))');

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
  const side = worldSize / 2 ** 14;
  const [x, y] = [13365 * side, 8565 * side];
  const near = [-1, 0, 1].flatMap((dx) =>
    [-1, 0, 1].map((dy) => `${longitude(x + dx + 0.5)} ${latitude(y + dy + 0.5)}`),
  );
  return [...near, '-180 0', '179.99999 0', '0 85.05', '0 -85.05', '0 0'];
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
