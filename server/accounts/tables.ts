import type { ColumnType, Generated, RawBuilder } from 'kysely';
import type { Role } from '../registry/role.ts';

/** Tables of the accounts. Those that better-auth writes have its column names. */
export interface AccountTables {
  account_user: AccountUser;
  account_session: AccountSession;
  account_credential: AccountCredential;
  account_passkey: { id: string; userId: string; name: string | null };
  account_verification: AccountVerification;
  account_attempt: { subject: string; failures: number; last_at: Date };
  account_grant: AccountGrant;
  account_removed: { id: string; email_digest: string; removed_at: Generated<Date> };
  account_demo: { email: string; role: Role; password: string };
  service_key: ServiceKeyTable;
  seeded: { layer: string; scale: number; at: Generated<Date> };
}

interface AccountUser {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  twoFactorEnabled: boolean | null;
  /** Set: this person is let in nowhere. */
  lockedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

interface AccountCredential {
  id: string;
  userId: string;
  /** `credential` for a password, else the single sign-on provider. */
  providerId: string;
  accountId: string;
  password: string | null;
  /** Of a link to the single sign-on: the trail tells of it. */
  recorded: Generated<boolean>;
  createdAt: Date;
  updatedAt: Date;
}

interface AccountSession {
  id: string;
  token: string;
  userId: string;
  expiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
  /** Proved more than a password: a code, a passkey or the single sign-on. */
  strong: Generated<boolean>;
  /** The trail says how it was begun; else it counts for nothing. */
  recorded: Generated<boolean>;
  createdAt: Date;
  updatedAt: Date;
}

interface AccountVerification {
  id: string;
  /** What it is for and its token; SHA-256, base64url. */
  identifier: string;
  /** Of a link to choose a password: whose. */
  value: string;
  expiresAt: Date;
}

interface AccountGrant {
  id: Generated<number>;
  user_id: string;
  role: Role;
  agency: string | null;
  areas: string[] | null;
  /** Read by `grantPolygon`. */
  polygon: ColumnType<unknown, RawBuilder<unknown> | null | undefined, never>;
  /** Person id; null: the command line, or the demo regency. */
  granted_by: string | null;
  created_at: Generated<Date>;
  expires_at: Date | null;
}

/** Doors a key opens. */
export const doors = ['http', 'mqtt', 'read', 'write'] as const;
export type Door = (typeof doors)[number];

interface ServiceKeyTable {
  id: Generated<number>;
  name: string;
  agency: string;
  /** First characters of the key, to tell it by. */
  prefix: string;
  /** SHA-256 of the key. */
  hash: ColumnType<Uint8Array, Uint8Array, never>;
  doors: Door[];
  /** Layer ids; null: all. */
  layers: string[] | null;
  /** What it may see where it may read. */
  role: Role;
  created_by: string | null;
  created_at: Generated<Date>;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}
