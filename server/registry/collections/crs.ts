import type { Axes } from '../filter/axes.ts';
import { Problem } from '../problem.ts';

/** A coordinate reference system that features can be asked in and answered in. */
export interface Crs {
  readonly uri: string;
  readonly axes: Axes;
}

export const crs84: Crs = { uri: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84', axes: 'lon-lat' };
const epsg4326: Crs = { uri: 'http://www.opengis.net/def/crs/EPSG/0/4326', axes: 'lat-lon' };

/** All there are. Both are WGS 84 in degrees; they differ in which axis comes first. */
export const crsList: readonly Crs[] = [crs84, epsg4326];

/** The system of a `crs`, `bbox-crs` or `filter-crs` parameter; CRS84 when it is absent. Throws `bad_request` for others. */
export function crsOf(parameters: ReadonlyMap<string, string>, name: 'crs' | 'bbox-crs' | 'filter-crs'): Crs {
  const uri = parameters.get(name);
  if (uri === undefined) return crs84;
  // OGC API – Features, Part 2, permits the URI in the brackets of a safe CURIE.
  const found = crsList.find((crs) => crs.uri === uri.replace(/^\[(.*)\]$/, '$1'));
  if (found) return found;
  throw new Problem('bad_request', `'${name}' can be ${crsList.map((crs) => crs.uri).join(' or ')}.`);
}
