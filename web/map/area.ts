import type { Geometry, Polygon } from 'geojson';

/** A part of the Earth that things are chosen by: its corners in degrees, the last joined with the first. */
export type Area = readonly (readonly [lon: number, lat: number])[];

/** What an address can hold and a filter may say. */
export const mostCorners = 100;

/** The area of what was drawn; null when it is none. Six decimals are ten centimetres. */
export function areaOf(geometry: Geometry | null): Area | null {
  if (geometry?.type !== 'Polygon') return null;
  const round = (degrees = 0) => Number(degrees.toFixed(6));
  const corners = (geometry.coordinates[0] ?? []).slice(0, -1).map(([lon, lat]) => [round(lon), round(lat)] as const);
  return corners.length >= 3 && corners.length <= mostCorners ? corners : null;
}

/** The same as a geometry to draw. */
export function polygonOf(area: Area): Polygon {
  return { type: 'Polygon', coordinates: [[...area, ...area.slice(0, 1)].map((corner) => [...corner])] };
}

/** CQL2 text of all that lies in an area or reaches into it. */
export function areaFilter(area: Area): string {
  const corners = [...area, ...area.slice(0, 1)].map(([lon, lat]) => `${lon} ${lat}`);
  return `S_INTERSECTS(geometry, POLYGON((${corners.join(', ')})))`;
}
