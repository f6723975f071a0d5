import type { Bbox } from '../../server/registry/catalogue.ts';
import { tileSize } from '../map/zoom.ts';

const mostLatitude = 85.05;

const clamp = (value: number, limit: number) => Math.max(-limit, Math.min(limit, value));

/** The part of the Earth in a Web Mercator view: centre in degrees, zoom of 512-pixel tiles, size in CSS pixels. */
export function viewBbox(
  [lon, lat]: readonly [lon: number, lat: number],
  zoom: number,
  width: number,
  height: number,
): Bbox {
  const world = tileSize * 2 ** zoom;
  const halfLon = (width / 2 / world) * 360;
  const sine = Math.sin((clamp(lat, mostLatitude) * Math.PI) / 180);
  const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  const latitude = (at: number) => clamp((Math.atan(Math.sinh(Math.PI * (1 - 2 * at))) * 180) / Math.PI, mostLatitude);
  const halfY = height / 2 / world;
  return [clamp(lon - halfLon, 180), latitude(y + halfY), clamp(lon + halfLon, 180), latitude(y - halfY)];
}
