import { booleanPointInPolygon } from '@turf/turf';
import type { Polygon, Position } from 'geojson';
import { distance, type Km, toDegrees, toKm } from '../plane.ts';
import { random } from '../random.ts';
import { meander } from './meander.ts';

/** A river from its source to the sea or to the river it joins. */
export interface River {
  readonly name: string;
  readonly line: readonly Km[];
  readonly lengthKm: number;
  /** The river it flows into, and how far down that one (km); absent: into the sea. */
  readonly joins?: { readonly river: string; readonly atKm: number };
}

/** Real names; the courses are schematic, source first, in degrees. A tributary ends on a point of the river it joins. */
const courses: readonly { name: string; joins?: string; through: readonly Position[] }[] = [
  {
    name: 'Bedadung',
    through: [
      [113.735, -8.035],
      [113.732, -8.09],
      [113.722, -8.13],
      [113.705, -8.165],
      [113.68, -8.185],
      [113.64, -8.205],
      [113.605, -8.225],
      [113.57, -8.25],
      [113.545, -8.285],
      [113.515, -8.325],
      [113.485, -8.36],
      [113.465, -8.42],
    ],
  },
  {
    name: 'Jompo',
    joins: 'Bedadung',
    through: [
      [113.655, -8.06],
      [113.665, -8.11],
      [113.678, -8.145],
      [113.68, -8.185],
    ],
  },
  {
    name: 'Dinoyo',
    joins: 'Bedadung',
    through: [
      [113.615, -8.03],
      [113.62, -8.09],
      [113.61, -8.15],
      [113.605, -8.225],
    ],
  },
  {
    name: 'Mayang',
    through: [
      [113.93, -8.1],
      [113.875, -8.14],
      [113.83, -8.175],
      [113.8, -8.2],
      [113.765, -8.245],
      [113.72, -8.29],
      [113.685, -8.325],
      [113.655, -8.36],
      [113.63, -8.4],
      [113.62, -8.46],
    ],
  },
  {
    name: 'Antirogo',
    joins: 'Mayang',
    through: [
      [113.765, -8.1],
      [113.755, -8.15],
      [113.74, -8.2],
      [113.725, -8.245],
      [113.72, -8.29],
    ],
  },
  {
    name: 'Sanenrejo',
    through: [
      [113.87, -8.3],
      [113.84, -8.34],
      [113.8, -8.38],
      [113.775, -8.42],
      [113.755, -8.46],
      [113.75, -8.56],
    ],
  },
  {
    name: 'Tanggul',
    through: [
      [113.515, -8.02],
      [113.5, -8.08],
      [113.475, -8.13],
      [113.455, -8.17],
      [113.44, -8.21],
      [113.435, -8.255],
      [113.42, -8.3],
      [113.405, -8.34],
      [113.4, -8.42],
    ],
  },
  {
    name: 'Bondoyudo',
    through: [
      [113.385, -8.02],
      [113.375, -8.08],
      [113.36, -8.13],
      [113.365, -8.18],
      [113.345, -8.23],
      [113.34, -8.27],
      [113.33, -8.31],
      [113.32, -8.38],
    ],
  },
];

/** The rivers inside the outline, each after the river it joins. */
export function rivers(outline: Polygon): River[] {
  const found = new Map<string, River>();
  for (const { name, joins, through } of courses) {
    const whole = meander(through.map(toKm), 0.1, random(`river ${name}`));
    const end = whole.findIndex((point) => !booleanPointInPolygon(toDegrees(point), outline));
    const line = end < 0 ? whole : whole.slice(0, end);
    if (line.length < 2) throw new Error(`the river ${name} does not rise inside the outline`);
    const into = joins === undefined ? undefined : found.get(joins);
    found.set(name, {
      name,
      line,
      lengthKm: lengthKm(line),
      ...(into && { joins: { river: into.name, atKm: nearestKm(into.line, line.at(-1)!) } }),
    });
  }
  return [...found.values()];
}

/** Length of a line in km. */
export function lengthKm(line: readonly Km[]): number {
  return line.reduce((sum, point, index) => sum + (index === 0 ? 0 : distance(line[index - 1]!, point)), 0);
}

function nearestKm(line: readonly Km[], to: Km): number {
  const nearest = line.reduce(
    (best, point, index) => (distance(point, to) < distance(line[best]!, to) ? index : best),
    0,
  );
  return lengthKm(line.slice(0, nearest + 1));
}
