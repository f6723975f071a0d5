import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { TileProperties } from './feature_hit.ts';

/** Slower than this (km/h) a thing stands: the receiver of one that stands says any course. */
const slowest = 3;
/** Degrees; the bitmaps of a symbol are one a step. */
const step = 15;

/**
 * Where a moving thing is heading, in steps of 15° clockwise from north; undefined when it stands, when nobody says
 * how fast it goes, and of a layer that does not tell.
 */
export function heading({ moving }: Pick<CatalogueLayer, 'moving'>, properties: TileProperties): number | undefined {
  if (moving?.course === undefined || moving.speed === undefined) return undefined;
  const [course, speed] = [properties[moving.course], properties[moving.speed]];
  if (typeof course !== 'number' || typeof speed !== 'number' || speed < slowest) return undefined;
  return (Math.round(course / step) * step) % 360;
}
