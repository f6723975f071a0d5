import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Viewer } from '../registry/viewer.ts';

/** Where an act came from. */
export interface Origin {
  readonly viewer: Viewer;
  /** The network address, as far as it is known. */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
}

/** One thing that somebody did. Never put a secret into it: what is written here stays. */
export interface Entry {
  /** `edit`, `restore`, an action of a layer file, `read`, `sign_in`, …: `[a-z_]+`. */
  readonly action: string;
  readonly layer?: string;
  readonly feature?: number;
  /** The feature's version afterwards. */
  readonly version?: number;
  /** What changed, as it was and as it is; a geometry as GeoJSON. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly reason?: string | undefined;
  readonly caseId?: string | undefined;
  /** Id of the entry that this one takes back. */
  readonly undoes?: number;
  /** Id of the entry in which somebody else asked for it. */
  readonly confirms?: number;
}

/**
 * Adds to the audit trail, in the transaction that does what it tells of: both are there or neither. Answers the entry's
 * id. Its place in the chain is given at commit.
 */
export async function record(trx: Transaction<Database>, origin: Origin, entry: Entry): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into audit (${originColumns}, action, layer, feature, version, before, after, reason, case_id, undoes, confirms)
    values (${originValues(origin)}, ${entry.action}, ${entry.layer ?? null}, ${entry.feature ?? null}::bigint,
      ${entry.version ?? null}::int, ${json(entry.before)}, ${json(entry.after)}, ${entry.reason ?? null},
      ${entry.caseId ?? null}, ${entry.undoes ?? null}::bigint, ${entry.confirms ?? null}::bigint)
    returning id`.execute(trx);
  return rows[0]!.id;
}

/** The columns of an entry that tell where the act came from, for statements that write many; {@link originValues} fills them. */
export const originColumns = sql`actor, actor_name, roles, address, request_id`;

/** The values of {@link originColumns}. */
export function originValues({ viewer, address, requestId }: Origin): RawBuilder<unknown> {
  const { id = null, name = null } = viewer.person ?? {};
  const roles = [...new Set(viewer.grants.map(({ role }) => role))];
  return sql`${id}::text, ${name}::text, ${json(roles)}, ${address ?? null}::text, ${requestId ?? null}::text`;
}

/** A value for a jsonb column, as text on both databases. */
function json(value: unknown): RawBuilder<unknown> {
  return value === undefined ? sql`null` : sql`${JSON.stringify(value)}::text::jsonb`;
}
