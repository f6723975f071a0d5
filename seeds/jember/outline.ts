import { featureCollection, intersect, isobands, point, polygon, simplify } from '@turf/turf';
import type { Polygon, Position } from 'geojson';
import { landNear } from '../../tiles/land.ts';
import { distance, round6, toKm } from '../plane.ts';
import type { Village } from './facts.ts';

/** How far (km) a village's reach fades; chosen so that the outline has the official area of the mainland, 3,236 km². */
const softnessKm = 1.5;
const gridDegrees = 0.006;

/**
 * A schematic outline of the regency on the mainland, one polygon without holes, in degrees. The official line is not
 * among the facts: each village reaches as far as a circle of its own area would, neighbours' reaches run together
 * (log-sum-exp), and the sea cuts off the rest.
 */
export function outline(villages: readonly Village[]): Polygon {
  const circles = villages.map((village) => ({
    middle: toKm(village.point),
    radius: Math.sqrt(village.areaKm2 / Math.PI),
  }));
  const reach = (position: Position) => {
    const here = toKm(position);
    const sum = circles.reduce(
      (total, { middle, radius }) => total + Math.exp((radius - distance(here, middle)) / softnessKm),
      0,
    );
    return softnessKm * Math.log(sum);
  };
  const lons = villages.map(({ point }) => point[0]!);
  const lats = villages.map(({ point }) => point[1]!);
  const margin = 0.12;
  const grid = [];
  for (let lat = Math.min(...lats) - margin; lat < Math.max(...lats) + margin; lat += gridDegrees) {
    for (let lon = Math.min(...lons) - margin; lon < Math.max(...lons) + margin; lon += gridDegrees) {
      grid.push(point([lon, lat], { reach: reach([lon, lat]) }));
    }
  }
  const [inside] = isobands(featureCollection(grid), [0, Number.MAX_VALUE], { zProperty: 'reach' }).features;
  const shell = inside?.geometry.coordinates[0]?.[0];
  if (!shell) throw new Error('the villages have no outline');
  const land = landNear([113.65, -8.2]);
  const cut = intersect(featureCollection([polygon([shell]), land]));
  if (cut?.geometry.type !== 'Polygon') throw new Error('the outline is not one piece');
  const simple = simplify(polygon([cut.geometry.coordinates[0]!]), { tolerance: 0.002 }).geometry.coordinates[0]!;
  return { type: 'Polygon', coordinates: [simple.map(([lon = 0, lat = 0]) => [round6(lon), round6(lat)])] };
}
