import { type Kysely, sql } from 'kysely';

/** A key may open the door `write`: programs that keep features of their agency, by OGC API – Features, Part 4. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table service_key drop constraint service_key_doors_check`.execute(db);
  await sql`alter table service_key add constraint service_key_doors_check
    check (cardinality(doors) > 0 and doors <@ array['http', 'mqtt', 'read', 'write'])`.execute(db);
}
