import type { Bbox } from '../../server/registry/catalogue.ts';

/** What of many layers is listened to in a part of the map only: `everywhere` are those that are not. */
export interface Area {
  readonly bbox: Bbox;
  readonly everywhere: readonly string[];
}

/** An area is kept until the view is so many times narrower: twice zoomed in, and the two views around it. */
const mostWidths = 16;

const contains = ([west, south, east, north]: Bbox, inner: Bbox) =>
  west <= inner[0] && south <= inner[1] && east >= inner[2] && north >= inner[3];

/**
 * The part of the map to listen to for a view, in degrees: `kept` as long as the view stays in it and is not much smaller, so that
 * the stream is opened anew rarely; else the view with about as much again around it, on a grid, so that those who
 * look at the same place listen to the same.
 */
export function areaFor(view: Bbox, kept: Bbox | null): Bbox {
  const [west, south, east, north] = view;
  const size = Math.max(east - west, north - south, 1e-4);
  if (kept && contains(kept, view) && kept[2] - kept[0] <= mostWidths * size) return kept;
  const step = 2 ** Math.ceil(Math.log2(size));
  const below = (degrees: number, limit: number) => Math.max(-limit, Math.floor((degrees - size) / step) * step);
  const above = (degrees: number, limit: number) => Math.min(limit, Math.ceil((degrees + size) / step) * step);
  const area: Bbox = [below(west, 180), below(south, 90), above(east, 180), above(north, 90)];
  // Beyond the 180th meridian the view goes on at the other end.
  return area[0] === -180 || area[2] === 180 ? [-180, area[1], 180, area[3]] : area;
}

/** What one tab listens to: these everywhere, and all else in a part of the map, if there is anything else. */
export interface Part {
  readonly bbox: Bbox | null;
  readonly everywhere: readonly string[];
}

/** What several tabs listen to together; null: all of it everywhere. */
export function areaAround(parts: readonly Part[]): Area | null {
  const [first, ...others] = parts.flatMap(({ bbox }) => (bbox ? [bbox] : []));
  if (!first) return null;
  const bbox = others.reduce<Bbox>(
    ([west, south, east, north], other) => [
      Math.min(west, other[0]),
      Math.min(south, other[1]),
      Math.max(east, other[2]),
      Math.max(north, other[3]),
    ],
    first,
  );
  return { bbox, everywhere: [...new Set(parts.flatMap(({ everywhere }) => everywhere))].toSorted() };
}

/** Whether whoever listens to one area hears all that is wanted of another. */
export function covers(heard: Area | null, wanted: Area | null): boolean {
  if (heard === null) return true;
  if (wanted === null) return false;
  return contains(heard.bbox, wanted.bbox) && wanted.everywhere.every((layer) => heard.everywhere.includes(layer));
}
