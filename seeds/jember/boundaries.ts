import { booleanPointInPolygon, featureCollection, intersect, multiPolygon, polygon, union } from '@turf/turf';
import { Delaunay } from 'd3-delaunay';
import type { MultiPolygon, Polygon, Position } from 'geojson';
import { landNear } from '../../tiles/land.ts';
import { round6, toDegrees, toKm } from '../plane.ts';
import type { District, Village } from './facts.ts';

export interface Boundaries {
  readonly villages: ReadonlyMap<string, MultiPolygon>;
  readonly districts: ReadonlyMap<string, MultiPolygon>;
  /** The code of the village that a point (degrees) lies in, undefined outside the regency's mainland. */
  readonly villageAt: (position: Position) => string | undefined;
}

/** The island Nusabarong belongs to Pugerkulon. */
const island = { village: '35.09.08.2004', point: [113.3346, -8.4808] };

/**
 * Schematic boundaries: the Voronoi cells of the villages' points, cut at the outline; districts are their villages
 * together. Neighbours share every vertex of their border: corners are rounded before anything is cut.
 */
export function boundaries(villages: readonly Village[], districts: readonly District[], outline: Polygon): Boundaries {
  const points = villages.map((village) => toKm(village.point));
  const delaunay = Delaunay.from(points as unknown as ArrayLike<Delaunay.Point>);
  const voronoi = delaunay.voronoi([-100, -100, 100, 100]);
  const mainland = villages.map((_, index) => {
    const corners = voronoi.cellPolygon(index).map((corner) => toDegrees([corner[0], corner[1]]));
    return cut(corners, outline);
  });
  const [nusabarong] = landNear(island.point).geometry.coordinates;
  const islandRing = nusabarong!.map(([lon = 0, lat = 0]) => [round6(lon), round6(lat)]);

  const cells = new Map(
    villages.map(({ code }, index) => {
      const pieces = [mainland[index]!.coordinates, ...(code === island.village ? [[islandRing]] : [])];
      return [code, { type: 'MultiPolygon', coordinates: pieces } satisfies MultiPolygon];
    }),
  );
  return {
    villages: cells,
    districts: new Map(
      districts.map(({ code }) => [
        code,
        together(villages.filter(({ district }) => district === code).map((village) => cells.get(village.code)!)),
      ]),
    ),
    villageAt: (position) => {
      const index = delaunay.find(...toKm(position));
      return booleanPointInPolygon(position, mainland[index]!) ? villages[index]!.code : undefined;
    },
  };
}

function cut(corners: Position[], outline: Polygon): Polygon {
  const inside = intersect(featureCollection([polygon([corners]), polygon(outline.coordinates)]))?.geometry;
  if (inside?.type !== 'Polygon') throw new Error('the outline cuts a village in two');
  return {
    type: 'Polygon',
    coordinates: inside.coordinates.map((ring) => ring.map(([lon = 0, lat = 0]) => [round6(lon), round6(lat)])),
  };
}

function together(parts: readonly MultiPolygon[]): MultiPolygon {
  const all = union(featureCollection(parts.map(({ coordinates }) => multiPolygon(coordinates))))!.geometry;
  return { type: 'MultiPolygon', coordinates: all.type === 'Polygon' ? [all.coordinates] : all.coordinates };
}
