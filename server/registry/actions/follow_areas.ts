import { sql } from 'kysely';
import { isAreaLayer, updateAreaCodes } from '../area_codes.ts';
import type { Acting, Done } from './acting.ts';

/** An area as others see it: its code and where it is. */
interface Outline {
  readonly code: string | null;
  readonly shape: string | null;
  readonly box: string;
}

/** Does `work`, and where that changes an area, what lies in it as it was or as it is gets its `area_code` anew. */
export async function followAreas(acting: Acting, work: () => Promise<Done>): Promise<Done> {
  const { parts, trx, view, wish } = acting;
  if (!isAreaLayer(view.layer.id)) return work();
  const before = await outlineOf(acting, wish.id);
  const done = await work();
  const after = await outlineOf(acting, done.id);
  if (before?.code === after?.code && before?.shape === after?.shape) return done;
  const boxes = [before, after].flatMap((outline) => (outline ? [sql`${outline.box}::box2d`] : []));
  const near = sql`(select st_setsrid(st_extent(box::geometry)::geometry, 4326) from unnest(array[${sql.join(boxes)}]) as box)`;
  await updateAreaCodes(trx, parts.registry.layers, near);
  return done;
}

async function outlineOf({ trx, view }: Acting, id: number | undefined): Promise<Outline | undefined> {
  const { rows } = await sql<Outline>`select code, md5(st_asbinary(geom)) as shape, box2d(geom)::text as box
    from ${sql.table(view.layer.id)} where id = ${id ?? 0}::bigint and geom is not null`.execute(trx);
  return rows[0];
}
