import type { MultiPolygon } from 'geojson';
import type { Context } from 'hono';
import { type Role, roleIs } from './role.ts';

/** A role a person has: everywhere and for all, or within an agency and an area. */
export interface Grant {
  readonly role: Role;
  /** The office it is held in; absent: it belongs to none. */
  readonly agency?: string;
  /** Kemendagri codes of the districts or villages it is limited to; absent, with `polygon`: the whole region. */
  readonly areas?: readonly string[];
  /** An outline it is limited to; with `areas`: to what lies in either. */
  readonly polygon?: MultiPolygon;
}

/** A person or machine that signed in. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Who looks: what they may see and do follows from their grants alone. */
export interface Viewer {
  /** At least one. */
  readonly grants: readonly Grant[];
  /** Absent: nobody signed in. */
  readonly person?: Person;
  /** Ids of the layers that a machine's key is limited to; absent: all that its grants show. */
  readonly layers?: readonly string[];
}

/** Whoever has not signed in. */
export function visitor(role: Role): Viewer {
  return { grants: [{ role }] };
}

/** Marks a request with who makes it; the first thing that is done with any. */
export function setViewer(c: Context, viewer: Viewer): void {
  c.set('viewer', viewer);
}

/** Who makes a request. Throws when nobody was set, so that a route cannot answer without asking. */
export function viewerOf(c: Context): Viewer {
  const viewer: Viewer | undefined = c.get('viewer');
  if (!viewer) throw new Error('a request reached a route without a viewer');
  return viewer;
}

/** Whether a viewer belongs to those who run the place: they are told what goes wrong, and how much there is of everything. */
export function isInside({ grants }: Viewer): boolean {
  return grants.some(({ role }) => !roleIs(role, 'isOutside'));
}
