import { type Kysely, sql } from 'kysely';

/**
 * People, their sessions, passwords, second factors and passkeys: the tables of better-auth 1.7.6, as it compiles them
 * for `server/accounts/auth.ts`. A test asks it whether anything is missing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table account_user (
    id text primary key,
    name text not null,
    email text not null unique,
    "emailVerified" boolean not null,
    image text,
    "createdAt" timestamptz not null default current_timestamp,
    "updatedAt" timestamptz not null default current_timestamp,
    "twoFactorEnabled" boolean,
    "lockedAt" timestamptz,
    check (email = lower(email))
  )`,
  `create table account_session (
    id text primary key,
    "expiresAt" timestamptz not null,
    token text not null unique,
    "createdAt" timestamptz not null default current_timestamp,
    "updatedAt" timestamptz not null,
    "ipAddress" text,
    "userAgent" text,
    "userId" text not null references account_user (id) on delete cascade
  )`,
  `create table account_credential (
    id text primary key,
    "accountId" text not null,
    "providerId" text not null,
    "userId" text not null references account_user (id) on delete cascade,
    "accessToken" text,
    "refreshToken" text,
    "idToken" text,
    "accessTokenExpiresAt" timestamptz,
    "refreshTokenExpiresAt" timestamptz,
    scope text,
    password text,
    "createdAt" timestamptz not null default current_timestamp,
    "updatedAt" timestamptz not null
  )`,
  `create table account_verification (
    id text primary key,
    identifier text not null,
    value text not null,
    "expiresAt" timestamptz not null,
    "createdAt" timestamptz not null default current_timestamp,
    "updatedAt" timestamptz not null default current_timestamp
  )`,
  `create table account_two_factor (
    id text primary key,
    secret text not null,
    "backupCodes" text not null,
    "userId" text not null references account_user (id) on delete cascade,
    verified boolean,
    "failedVerificationCount" integer,
    "lockedUntil" timestamptz
  )`,
  `create table account_passkey (
    id text primary key,
    name text,
    "publicKey" text not null,
    "userId" text not null references account_user (id) on delete cascade,
    "credentialID" text not null,
    counter integer not null,
    "deviceType" text not null,
    "backedUp" boolean not null,
    transports text,
    "createdAt" timestamptz,
    aaguid text
  )`,
  'create index "account_session_userId_idx" on account_session ("userId")',
  'create index "account_credential_userId_idx" on account_credential ("userId")',
  'create index account_verification_identifier_idx on account_verification (identifier)',
  'create index account_two_factor_secret_idx on account_two_factor (secret)',
  'create index "account_two_factor_userId_idx" on account_two_factor ("userId")',
  'create index "account_passkey_userId_idx" on account_passkey ("userId")',
  'create index "account_passkey_credentialID_idx" on account_passkey ("credentialID")',
];
