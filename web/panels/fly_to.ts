import type { Bbox } from '../../server/registry/catalogue.ts';
import { map, pageState } from '../page.ts';
import { viewBbox } from './view_bbox.ts';

/** Pixels between what is flown to and the edges: on a phone there are none to give away. */
const margin = () => Math.min(48, host().width / 24);
type Place = readonly [lon: number, lat: number];
type Sides = [top: number, right: number, bottom: number, left: number];

/** Pixels of the map's edges that panels or the sheet cover; a sheet at full height counts as half-raised. */
function covered(host: DOMRect): Sides {
  const sides: Sides = [0, 0, 0, 0];
  for (const cover of document.querySelectorAll('[data-cover]')) {
    const box = cover.getBoundingClientRect();
    const side = cover.getAttribute('data-cover');
    if (side === 'bottom') sides[2] += Math.min(host.height / 2, Math.max(0, host.bottom - box.top));
    if (side === 'right') sides[1] += Math.max(0, host.right - box.left);
    if (side === 'left') sides[3] += Math.max(0, box.right - host.left);
  }
  return sides;
}

const host = () => document.getElementById('map')?.getBoundingClientRect() ?? new DOMRect();

/** Flies to an extent, or to a place (at the present zoom, at least streets), into the part of the map that is free. */
export function flyTo(to: Bbox | Place, zoom?: number): void {
  const [top, right, bottom, left] = covered(host());
  const edge = margin();
  const padding: Sides = [top + edge, right + edge, bottom + edge, left + edge];
  map.flyTo(to, { padding, ...(zoom !== undefined && { zoom }) });
}

/** Brings a place into the free part of the map when a panel lies over it; a place in sight moves nothing. */
export function keepInSight(place: Place): void {
  // What is followed has its place already, and may have left this one.
  if (map.follow.following.get().layer !== null) return;
  const box = host();
  const { center, zoom } = pageState.get();
  const [west, south, east, north] = viewBbox(center, zoom, box.width, box.height);
  const [top, right, bottom, left] = covered(box);
  const x = ((place[0] - west) / (east - west)) * box.width;
  const y = ((north - place[1]) / (north - south)) * box.height;
  const edge = 24; // half of a symbol, and some air
  const seen = x > left + edge && x < box.width - right - edge && y > top + edge && y < box.height - bottom - edge;
  if (!seen) flyTo(place, zoom);
}
