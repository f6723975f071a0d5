import { type Kysely, sql } from 'kysely';

/** What of each class is used and who waits for it; clinical, security and morgue status, and why an emergency department does not receive. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const classes = ['vvip', 'class1', 'class2', 'class3', 'icu', 'nicu', 'picu', 'isolation', 'other'];

const statements = [
  ...classes
    .flatMap((name) => [`${name}_used`, `${name}_queue`])
    .map((name) => `alter table hospital add column ${name} integer check (${name} between 0 and 10000)`),
  'alter table hospital add column igd_reason text check (char_length(igd_reason) <= 200)',
  `alter table hospital add column clinical_status text check (clinical_status in ('normal', 'full', 'closed'))`,
  `alter table hospital add column security_status text
    check (security_status in ('normal', 'elevated', 'restricted', 'lockdown', 'quarantine', 'closed'))`,
  `alter table hospital add column morgue_status text check (morgue_status in ('open', 'full', 'exceeded', 'closed'))`,
];
