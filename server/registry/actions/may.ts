import { liesIn, type Where } from '../grant_area.ts';
import { defaultEditors, type Layer } from '../layer.ts';
import { Problem } from '../problem.ts';
import { type Role, roleIs } from '../role.ts';
import type { Grant, Viewer } from '../viewer.ts';
import type { Action } from './action.ts';
import type { Changes } from './row.ts';

/** Whose a feature is, and where. */
export interface Whose extends Where {
  readonly agency: string | null;
}

/** Whose a feature becomes by new values of it. */
export function whoseAfter(whose: Whose, { values, geometry = whose.geometry }: Changes): Whose {
  const { agency = whose.agency, area_code = whose.area_code } = values;
  return { agency: agency as string | null, area_code: area_code as string | null, geometry }; // text columns
}

/** Whether one of the grants has one of the roles and covers the feature: the one place where this is decided. */
export function may({ grants }: Viewer, roles: readonly Role[], whose: Whose): boolean {
  return grants.some((grant) => roles.includes(grant.role) && covers(grant, whose));
}

/** Whether it is worth showing to a viewer at all: there are features, perhaps, that it may be done with. */
export function mayAny({ grants }: Viewer, roles: readonly Role[]): boolean {
  return grants.some(({ role, agency }) => roles.includes(role) && (agency !== undefined || !roleIs(role, 'ofAgency')));
}

function covers(grant: Grant, whose: Whose): boolean {
  const { role, agency } = grant;
  if (agency === undefined ? roleIs(role, 'ofAgency') : whose.agency !== agency) return false;
  return liesIn(grant, whose);
}

/** Who does to features of a layer what is done to those of every layer. */
export function rolesFor(layer: Layer, action: StandardAction): readonly Role[] {
  const { edit = defaultEditors } = layer;
  switch (action) {
    case 'edit':
      return edit;
    case 'create':
    case 'split':
      return layer.create ?? edit;
    case 'delete':
    case 'restore':
      return layer.delete ?? edit;
  }
}

/** Everybody who does something with features of a layer, or confirms it. */
export function actorsOf(layer: Layer): readonly Role[] {
  const own = Object.values(layer.actions ?? {}).flatMap(({ roles, twoPerson }) => [
    ...roles,
    ...(twoPerson?.roles ?? []),
  ]);
  const standard = standardActions.flatMap((name) => rolesFor(layer, name));
  return [...new Set([...standard, ...own])];
}

/** Names that every layer has; only shapes can be split. */
export const standardActions = ['create', 'edit', 'split', 'delete', 'restore'] as const;
export type StandardAction = (typeof standardActions)[number];

/** Whether an action of this name is one that every layer has. */
export function isStandard(name: string): name is StandardAction {
  return standardActions.some((each) => each === name);
}

/** Whether features of a layer can be cut in two. */
export function isSplittable({ geometry }: Pick<Layer, 'geometry'>): boolean {
  return !geometry.endsWith('Point');
}

/** The action of this name that a layer's file declares; undefined when it declares none. */
export function ownAction({ actions }: Layer, name: string): Action | undefined {
  return actions && Object.hasOwn(actions, name) ? actions[name] : undefined;
}

/** What of a layer goes by this name, and who may do it. Throws `not_found`. */
export function actionOf(layer: Layer, name: string): { readonly roles: readonly Role[]; readonly own?: Action } {
  if (isStandard(name) && (name !== 'split' || isSplittable(layer))) return { roles: rolesFor(layer, name) };
  const own = ownAction(layer, name);
  if (!own) throw new Problem('not_found', `'${layer.id}' has no action '${name.slice(0, 60)}'.`);
  return { roles: own.roles, own };
}

/** Throws `unauthorized` when nobody signed in. Answers the name of whoever did. */
export function demandPerson({ person }: Viewer): string {
  if (!person) throw signInFirst();
  return person.name;
}

/** The problem of who has not signed in. */
export function signInFirst(): Problem {
  return new Problem('unauthorized', 'Sign in first: who acts is written down.');
}

/** The problem of who may see it and not do it; it says no more than the view does. */
export function forbidden(): Problem {
  return new Problem('forbidden', 'Your roles do not allow this here.');
}

/** Throws `forbidden`, which says no more than the view does. */
export function demand(viewer: Viewer, roles: readonly Role[], whose: Whose): void {
  if (!may(viewer, roles, whose)) throw forbidden();
}
