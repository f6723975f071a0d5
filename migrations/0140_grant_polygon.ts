import { type Kysely, sql } from 'kysely';

/** A role may be held within an outline that is drawn, besides districts and villages by their codes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table account_grant add column polygon geometry(MultiPolygon, 4326)
    check (st_isvalid(polygon) and not st_isempty(polygon) and st_npoints(polygon) <= 1000)`.execute(db);
}
