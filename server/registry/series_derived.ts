import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { View } from './view.ts';

/** An attribute that the database works out from the rest of a row. */
export interface DerivedAttribute {
  readonly key: string;
  /** The expression as the database itself writes it, over unqualified names of the layer's columns. */
  readonly expression: string;
}

/**
 * The attributes of a view's tiles that are generated from what its series keeps: how they were follows from it, by the very
 * expression that the table has.
 */
export async function derivedOf(db: Kysely<Database>, { layer, tile }: View): Promise<DerivedAttribute[]> {
  const kept = layer.series?.attributes ?? [];
  const { rows } = await sql<DerivedAttribute>`
    select attname as key, pg_get_expr(adbin, adrelid) as expression
    from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
    where adrelid = ${layer.id}::regclass and attgenerated = 's'`.execute(db);
  return rows.filter(
    ({ key, expression }) =>
      tile.includes(key) && !kept.includes(key) && kept.some((name) => new RegExp(`\\b${name}\\b`).test(expression)),
  );
}
