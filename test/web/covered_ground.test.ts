import Polygon from 'ol/geom/Polygon.js';
import { fromLonLat, toLonLat } from 'ol/proj.js';
import { getDistance } from 'ol/sphere.js';
import { expect, test } from 'vitest';
import { coveredGround, type Properties } from '../../web/map/covered_ground.ts';

const here = [113.7, -8.17];
const camera = { range: 'range_m', usual: 60, most: 300, sector: { heading: 'heading_deg', width: 'fov_deg' } };

/** Farthest corner of the ground, in metres from the place. */
function reach(coverage: Parameters<typeof coveredGround>[1], properties: Properties) {
  const ground = coveredGround(fromLonLat(here), coverage, properties);
  if (!(ground instanceof Polygon)) return null;
  const corners = ground.getCoordinates()[0] ?? [];
  return { metres: Math.max(...corners.map((at) => getDistance(here, toLonLat(at)))), corners: corners.length };
}

test('a siren is heard all around, as far as is known', () => {
  const siren = { range: 'reach_m' };
  expect(reach(siren, { reach_m: 1000 })?.metres).toBeCloseTo(1000, -1);
  expect(reach(siren, { reach_m: null })).toBeNull();
  expect(reach(siren, { reach_m: 0 })).toBeNull();
});

test('where somebody worked out an area it counts, and what nobody can read does not', () => {
  const siren = { range: 'reach_m', area: 'reach' };
  const ring = [here, [113.8, -8.17], [113.8, -8.1], here];
  const drawn = (reach: unknown) => coveredGround(fromLonLat(here), siren, { reach_m: 1000, reach });
  for (const area of [
    { type: 'Polygon', coordinates: [ring] },
    { type: 'MultiPolygon', coordinates: [[ring]] },
  ]) {
    expect(drawn(JSON.stringify(area))?.getType()).toBe(area.type);
    expect(toLonLat(drawn(JSON.stringify(area))!.getExtent().slice(2))[0]).toBeCloseTo(113.8);
  }
  for (const none of [null, '', 'x', '{}', '{"type":"Point","coordinates":[1,2]}', '{"type":"Polygon"}', 5])
    expect(reach(siren, { reach_m: 1000, reach: none as string })?.metres, String(none)).toBeCloseTo(1000, -1);
});

test('a camera sees a sector, no farther than is sensible, and none whose direction nobody knows', () => {
  expect(reach(camera, { heading_deg: 0, fov_deg: 90, range_m: 20_000 })?.metres).toBeCloseTo(300, -1);
  expect(reach(camera, { heading_deg: 0, fov_deg: 90 })?.metres).toBeCloseTo(60, -1);
  expect(reach(camera, { fov_deg: 90, range_m: 100 })).toBeNull();
  expect(reach(camera, { heading_deg: 0, fov_deg: 0, range_m: 100 })).toBeNull();
});

test('a layer that says nothing of it covers nothing', () => {
  expect(reach(undefined, { range_m: 100 })).toBeNull();
});
