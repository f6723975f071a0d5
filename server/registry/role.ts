/** What a role is, besides what the layer files let it see and do (`visible`, `actions`, `edit`). */
interface RoleFacts {
  /** It means nothing outside an agency: without one it covers no feature. */
  readonly ofAgency?: true;
  /** It sees all of a layer that the public does not: see {@link internal}. */
  readonly seesInternal?: true;
  /** It reads who changed a feature, besides those who act on the feature themselves. */
  readonly readsHistory?: true;
  /** It reads what everybody did. */
  readonly readsAudit?: true;
  /** It asks outside feeds for more and switches them off. */
  readonly managesFeeds?: true;
  /** The names of hosts and the broken records are not its business. */
  readonly isOutside?: true;
  /** It acts, or sees what the public does not: it counts only in a session with a second factor. */
  readonly needsSecondFactor?: true;
}

/** What a person is in the room, and so what of each layer they see and do; in the order in which roles are offered. */
const facts = {
  public: { isOutside: true },
  operator: { seesInternal: true, managesFeeds: true, needsSecondFactor: true },
  supervisor: { seesInternal: true, readsHistory: true, managesFeeds: true, needsSecondFactor: true },
  disaster_officer: { managesFeeds: true, needsSecondFactor: true },
  traffic_engineer: { needsSecondFactor: true },
  agency_operator: { ofAgency: true, needsSecondFactor: true },
  agency_head: { ofAgency: true, readsHistory: true, needsSecondFactor: true },
  field_officer: { ofAgency: true, needsSecondFactor: true },
  leader: { seesInternal: true, readsHistory: true, needsSecondFactor: true },
  auditor: { seesInternal: true, readsHistory: true, readsAudit: true, needsSecondFactor: true },
  data_protection_officer: { readsHistory: true, readsAudit: true, needsSecondFactor: true },
  admin: { seesInternal: true, readsHistory: true, managesFeeds: true, needsSecondFactor: true },
  investor: { isOutside: true },
  citizen: { isOutside: true },
} as const satisfies Readonly<Record<string, RoleFacts>>;

export type Role = keyof typeof facts;

/** Every role there is. */
export const roles = Object.keys(facts) as Role[]; // the keys of a constant

/** Whether something holds of a role. */
export function roleIs(role: Role, fact: keyof RoleFacts): boolean {
  const of: RoleFacts = facts[role];
  return of[fact] === true;
}

/**
 * Who sees all of a layer that the public does not, in its `visible`: the room, those who lead and audit it, and those who
 * run the system. A layer adds the roles that work with it.
 */
export const internal: { readonly [R in Role]?: 'all' } = Object.fromEntries(
  roles.filter((role) => roleIs(role, 'seesInternal')).map((role) => [role, 'all']),
);

/** Who sees nothing of what is for the house alone, in a layer's `visible`: everybody outside. */
export const notOutside: { readonly [R in Role]?: 'none' } = Object.fromEntries(
  roles.filter((role) => roleIs(role, 'isOutside')).map((role) => [role, 'none']),
);
