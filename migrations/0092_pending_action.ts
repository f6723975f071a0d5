import { type Kysely, sql } from 'kysely';

/** Acts that wait for a second person; in the audit trail, which entry asked for the one that did it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table pending_action (
    id bigint generated always as identity primary key,
    layer text not null,
    feature bigint not null,
    version int not null,
    action text not null,
    before jsonb not null,
    after jsonb not null,
    asked_by text not null,
    asked_name text not null,
    asked_at timestamptz not null default now(),
    expires_at timestamptz not null,
    reason text,
    case_id text,
    asked_audit bigint not null,
    decided text check (decided in ('confirmed', 'rejected', 'withdrawn', 'expired')),
    decided_at timestamptz,
    decided_audit bigint
  )`,
  // One at a time may wait for the same act on the same thing.
  'create unique index pending_action_open on pending_action (layer, feature, action) where decided is null',
];
