import { actTitle } from '../audit/titles.ts';
import { isSplittable, rolesFor, type StandardAction, standardActions } from '../registry/actions/may.ts';
import type { Bilingual } from '../registry/attribute.ts';
import { type Layer, outwardAttributes } from '../registry/layer.ts';
import { type Role, roles } from '../registry/role.ts';
import { viewOf } from '../registry/view.ts';

/** How much of a layer a role sees: nothing, parts of it, its own agency's parts, everything. */
type Sees = 'none' | 'part' | 'own' | 'all';

/**
 * How much somebody may do with a layer's features, each more than the one before: see them; do what is done with them; change
 * what stands of them; make and remove them.
 */
export const levels = ['view', 'operate', 'manage', 'configure'] as const;
export type Level = (typeof levels)[number];

/** Something that is done with features of a layer, at which level, and by whom. */
export interface MatrixAct {
  readonly name: string;
  readonly title: Bilingual | null;
  readonly level: Exclude<Level, 'view'>;
  readonly roles: readonly Role[];
  /** Who may confirm it, where it takes two persons. */
  readonly second?: readonly Role[];
}

/** One layer of the matrix role × layer, as the layer files say it. */
export interface MatrixRow {
  readonly layer: string;
  readonly title: Bilingual;
  readonly sees: Readonly<Record<Role, Sees>>;
  /** The highest level of each role; null: it sees nothing. */
  readonly level: Readonly<Record<Role, Level | null>>;
  /** The layer's own acts first, in its order. */
  readonly acts: readonly MatrixAct[];
}

/** Who sees and does what: derived from the same views and lists that the outputs and acts use. */
export function matrix(layers: readonly Layer[]): readonly MatrixRow[] {
  return layers.map((layer) => {
    const acts = actsOf(layer);
    const sees = ofRoles((role) => seesOf(layer, role));
    return {
      ...{ layer: layer.id, title: layer.title, sees, acts },
      level: ofRoles((role) => (sees[role] === 'none' ? null : levelOf(acts, role))),
    };
  });
}

function ofRoles<T>(of: (role: Role) => T): Readonly<Record<Role, T>> {
  return Object.fromEntries(roles.map((role) => [role, of(role)])) as Record<Role, T>; // every role is there
}

/** Whoever manages says what a thing is; whoever configures, which things there are. */
const standardLevels = {
  ...{ edit: 'manage' },
  ...{ create: 'configure', split: 'configure', delete: 'configure', restore: 'configure' },
} as const satisfies Record<StandardAction, Level>;

function actsOf(layer: Layer): readonly MatrixAct[] {
  const own = Object.entries(layer.actions ?? {}).map(
    ([name, { title, roles, twoPerson }]): MatrixAct => ({
      ...{ name, title, level: 'operate', roles },
      ...(twoPerson && { second: twoPerson.roles }),
    }),
  );
  const possible = standardActions.filter((name) => name !== 'split' || isSplittable(layer));
  const standard = possible.map(
    (name): MatrixAct => ({
      ...{ name, title: actTitle(undefined, name), level: standardLevels[name], roles: rolesFor(layer, name) },
    }),
  );
  return [...own, ...standard];
}

function levelOf(acts: readonly MatrixAct[], role: Role): Level {
  const held = acts.filter(({ roles, second }) => roles.includes(role) || second?.includes(role));
  return levels.findLast((level) => held.some((act) => act.level === level)) ?? 'view';
}

/** An agency that owns nothing yet: what it adds is what holding the role in an agency adds. */
const agency = '-';

function seesOf(layer: Layer, role: Role): Sees {
  const anywhere = viewOf(layer, { grants: [{ role }] });
  const inAgency = viewOf(layer, { grants: [{ role, agency }] });
  if (!inAgency) return 'none';
  if (inAgency.key !== anywhere?.key) return 'own';
  const isWhole = inAgency.where === undefined && inAgency.masks.size === 0;
  return isWhole && inAgency.attributes.size === outwardAttributes(layer).size ? 'all' : 'part';
}
