import { type Expression, type FilterGeometry, type LonLat, refuse } from './expression.ts';

/** In which order a reference system writes a position: CRS84 longitude first, EPSG:4326 latitude first. */
export type Axes = 'lon-lat' | 'lat-lon';

/** A filter whose geometries were written latitude first, as EPSG:4326 has it, with longitude first. */
export function swapAxes(expression: Expression): Expression {
  switch (expression.type) {
    case 'call':
      return { ...expression, args: expression.args.map(swapAxes) };
    case 'geometry':
      return { ...expression, geometry: swapGeometry(expression.geometry) };
    case 'bbox':
      return { ...expression, numbers: swapBbox(expression.numbers, expression.at) };
    default:
      return expression;
  }
}

/** `south, west, north, east` as `west, south, east, north`. */
function swapBbox(numbers: readonly number[], at: string): number[] {
  const [south, west, north, east] = numbers;
  if (numbers.length !== 4 || south === undefined || west === undefined || north === undefined || east === undefined)
    throw refuse(at, 'A bbox in EPSG:4326 is four numbers: south, west, north, east in degrees');
  return [west, south, east, north];
}

function swapGeometry(geometry: FilterGeometry): FilterGeometry {
  const swap = ([lat, lon]: LonLat): LonLat => [lon, lat];
  switch (geometry.type) {
    case 'Point':
      return { ...geometry, coordinates: swap(geometry.coordinates) };
    case 'MultiPoint':
    case 'LineString':
      return { ...geometry, coordinates: geometry.coordinates.map(swap) };
    case 'MultiLineString':
    case 'Polygon':
      return { ...geometry, coordinates: geometry.coordinates.map((path) => path.map(swap)) };
    case 'MultiPolygon':
      return { ...geometry, coordinates: geometry.coordinates.map((rings) => rings.map((ring) => ring.map(swap))) };
  }
}
