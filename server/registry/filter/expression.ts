import { Problem } from '../problem.ts';

/** `[longitude, latitude]` in degrees. */
export type LonLat = readonly [lon: number, lat: number];

/** A geometry written in a filter, as GeoJSON names it. Rings are closed, first ring the shell. */
export type FilterGeometry =
  | { readonly type: 'Point'; readonly coordinates: LonLat }
  | { readonly type: 'MultiPoint' | 'LineString'; readonly coordinates: readonly LonLat[] }
  | { readonly type: 'MultiLineString' | 'Polygon'; readonly coordinates: readonly (readonly LonLat[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly LonLat[])[])[] };

/**
 * A filter as it was written, text and JSON alike, before anything is known of the layer.
 * `at` says where it stood (`character 12`, `$.args[0]`), for the error message.
 */
export type Expression = { readonly at: string } & (
  | { readonly type: 'property'; readonly name: string }
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  /** An operator or function by its CQL2 JSON name: `and`, `=`, `isNull`, `s_intersects`, `casei`. */
  | { readonly type: 'call'; readonly op: string; readonly args: readonly Expression[] }
  | { readonly type: 'list'; readonly items: readonly Expression[] }
  | { readonly type: 'geometry'; readonly geometry: FilterGeometry }
  | { readonly type: 'bbox'; readonly numbers: readonly number[] }
  | { readonly type: 'date' | 'timestamp'; readonly value: string }
  | { readonly type: 'interval'; readonly start: Expression; readonly end: Expression }
);

/** How much a filter may be: a hostile one must cost no more than it takes to refuse it. */
export const limits: Limits = {
  /** CQL2 text, characters. */
  text: 4_000,
  /** CQL2 JSON, characters: room for a drawn area of `vertices`. */
  json: 250_000,
  /** Expressions inside each other. */
  depth: 40,
  /** Values compared with. */
  literals: 500,
  /** Vertices of all geometries together. */
  vertices: 5_000,
};
type Limits = Readonly<Record<'text' | 'json' | 'depth' | 'literals' | 'vertices', number>>;

/** Of a condition that is ours: a layer file's, or of the areas and the outline that a grant is held in. */
export const ownLimits: Limits = { ...limits, text: Infinity, literals: Infinity, vertices: Infinity };

/** The refusal of a filter: what is wrong, and where. */
export function refuse(at: string, what: string): Problem {
  return new Problem('bad_filter', `${what} (at ${at}).`);
}

/** What a filter has used of its {@link limits}; every parser counts on one of these. */
export class Budget {
  readonly #limits: Limits;
  #literals = 0;
  #vertices = 0;

  constructor(of: Limits) {
    this.#limits = of;
  }

  literal(at: string): void {
    if (++this.#literals > this.#limits.literals) throw refuse(at, `A filter may hold ${limits.literals} values`);
  }

  vertex(at: string): void {
    if (++this.#vertices > this.#limits.vertices)
      throw refuse(at, `A filter's geometries may have ${limits.vertices} vertices`);
  }

  depth(at: string, depth: number): void {
    if (depth > this.#limits.depth) throw refuse(at, `A filter may be nested ${limits.depth} deep`);
  }
}

/** A text of the filter for a message: short, without control characters. */
export function quoted(text: string): string {
  const shown = text.replace(/\p{C}/gu, '\uFFFD');
  return `'${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}'`;
}
