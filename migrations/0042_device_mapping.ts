import { type Kysely, sql } from 'kysely';

/** Which thing a device's messages are about, where they do not say so themselves (`server/ingest/device_mapping.ts`). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table device_mapping (
    id bigint generated always as identity primary key,
    protocol text not null check (protocol in ('sensor_things', 'chirpstack')),
    device text not null check (char_length(device) between 1 and 100),
    layer text not null,
    code text not null check (char_length(code) between 1 and 100),
    attributes jsonb not null,
    unique (protocol, device)
  )`.execute(db);
}
