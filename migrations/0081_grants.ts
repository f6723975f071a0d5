import { type Kysely, sql } from 'kysely';

/** Who holds which role where, tries at passwords, keys of machines, and the demo regency's people. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table account_grant (
    id bigint generated always as identity primary key,
    user_id text not null references account_user (id) on delete cascade,
    role text not null check (role ~ '^[a-z_]+$'),
    agency text check (char_length(agency) between 1 and 100),
    areas text[] check (cardinality(areas) between 1 and 100),
    granted_by text,
    created_at timestamptz not null default now(),
    expires_at timestamptz
  )`,
  'create index on account_grant (user_id)',
  // Subjects are digests: whoever is not signed in can write here.
  `create table account_attempt (
    subject text primary key,
    failures int not null,
    last_at timestamptz not null
  )`,
  'create index on account_attempt (last_at)',
  `create table service_key (
    id bigint generated always as identity primary key,
    name text not null check (char_length(name) between 1 and 100),
    agency text not null check (char_length(agency) between 1 and 100),
    prefix text not null,
    hash bytea not null unique,
    doors text[] not null check (cardinality(doors) > 0 and doors <@ array['http', 'mqtt', 'read']),
    layers text[] check (cardinality(layers) > 0),
    role text not null check (role ~ '^[a-z_]+$'),
    created_by text,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
  )`,
  // Only the demo regency has passwords that can be read; no other person's stands anywhere.
  `create table account_demo (
    email text primary key references account_user (email) on update cascade on delete cascade,
    role text not null,
    password text not null
  )`,
  // The doorbell of every process that remembers who may do what for some seconds.
  `create function account_changed() returns trigger language plpgsql as $$ begin
    perform pg_notify('account', '');
    return null;
  end $$`,
  'create trigger account_changed after delete on account_session for each statement execute function account_changed()',
  `create trigger account_changed after insert or update or delete on account_grant
    for each statement execute function account_changed()`,
  `create trigger account_changed after update of "lockedAt", name or delete on account_user
    for each statement execute function account_changed()`,
  `create trigger account_changed after update of revoked_at, expires_at or delete on service_key
    for each statement execute function account_changed()`,
];
