import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Condition } from './condition.ts';
import type { Filter } from './filter.ts';
import { circleBbox } from './sphere.ts';

/**
 * The filter as a condition over the layer's own columns, by unqualified names: every value is a bound parameter with a
 * type, every name comes from the layer's attributes. Answers on every database what the predicate answers. Without a
 * filter it holds for every row.
 */
export function filterSql(filter: Filter | undefined): RawBuilder<SqlBool> {
  return filter ? write(filter.condition) : sql`true`;
}

function write(condition: Condition): RawBuilder<SqlBool> {
  switch (condition.op) {
    case 'and':
    case 'or':
      return sql`(${sql.join(condition.args.map(write), condition.op === 'and' ? sql` and ` : sql` or `)})`;
    case 'not':
      return sql`(not ${write(condition.arg)})`;
    case 'constant':
      return condition.value ? sql`true` : sql`false`;
    case 'masked': {
      const { mask, term, hidden } = condition;
      return sql`(case when ${write(mask)} then ${write(term)} else ${sql.lit(hidden)} end)`;
    }
    case 'null':
      return sql`(${sql.id(condition.column.name)} is null)`;
    case 'number':
      return sql`(${sql.id(condition.column)} ${operators[condition.test]} ${number(condition.value)})`;
    case 'number_in':
      return sql`(${sql.id(condition.column)} in (${sql.join(condition.values.map(number))}))`;
    case 'boolean':
      return condition.value ? sql`(${sql.id(condition.column)} = true)` : sql`(${sql.id(condition.column)} = false)`;
    case 'text':
      return sql`(${text(condition)} ${operators[condition.test]} ${condition.value}::text)`;
    case 'text_in':
      return sql`(${text(condition)} in (${sql.join(condition.values.map((value) => sql`${value}::text`))}))`;
    case 'like':
      return sql`(${text(condition)} like ${condition.pattern}::text escape '\\')`;
    case 'instant':
      return instant(condition.column, condition.from, condition.to);
    case 'day':
      return sql`(${sql.id(condition.column)} ${operators[condition.test]} ${condition.value}::text::date)`;
    case 'spatial':
      return sql`${relations[condition.relation]}(geom, st_setsrid(st_geomfromgeojson(${JSON.stringify(condition.geometry)}::text), 4326))`;
    case 'distance':
      return distance(condition);
  }
}

const operators = { '=': sql`=`, '<': sql`<`, '<=': sql`<=`, '>': sql`>`, '>=': sql`>=` } as const;
const relations = { intersects: sql`st_intersects`, within: sql`st_within`, contains: sql`st_contains` } as const;

/** Whole numbers as int4 where they fit, so that an index on an integer column serves. */
function number(value: number): RawBuilder<number> {
  // -0 has no int4: its text is '0', and float8 compares it equal to 0.
  return Number.isInteger(value) && Math.abs(value) <= 2_147_483_647 ? sql`${value}::int4` : sql`${value}::float8`;
}

/**
 * A text column by bytes of UTF-8, which is by code point: the database's own collation is another on every server and
 * cannot be had in JavaScript. `lower` in collation "C" knows A–Z alone.
 */
function text({ op, column, fold, ...rest }: Condition & { op: 'text' | 'text_in' | 'like' }): RawBuilder<string> {
  const plain = sql<string>`${sql.id(column)}`;
  if (fold) return sql`lower(${plain} collate "C")`;
  // Equality is by bytes in every deterministic collation: left alone, the column's ordinary indexes serve it.
  return 'test' in rest && rest.test !== '=' ? sql`${plain} collate "C"` : plain;
}

function instant(column: string, from: number | null, to: number | null): RawBuilder<SqlBool> {
  const ref = sql.id(column);
  // PostgreSQL keeps microseconds, the live copy whole milliseconds cut off: half-open ranges are the same on both.
  const since = from === null ? sql<SqlBool>`${ref} = ${ref}` : sql<SqlBool>`${ref} >= ${timestamp(from)}`;
  return to === null ? sql`(${since})` : sql`(${since} and ${ref} < ${timestamp(to)})`;
}

/** Text all the way: a driver's own reading of a date ends at the year 9999, and the day after it is in use here. */
function timestamp(milliseconds: number): RawBuilder<Date> {
  const [date, time] = new Date(milliseconds).toISOString().split('T');
  return sql`${`${date!.replace(/^\+0*/, '')} ${time}`}::text::timestamptz`;
}

function distance({ test, point, metres }: Condition & { op: 'distance' }): RawBuilder<SqlBool> {
  const [lon, lat] = point;
  const place = sql`st_setsrid(st_makepoint(${lon}::float8, ${lat}::float8), 4326)`;
  // `false`: on the sphere, which the predicate computes too.
  const compared = sql<SqlBool>`st_distance(geom::geography, ${place}::geography, false) ${operators[test]} ${metres}::float8`;
  const box = test === '<' || test === '<=' ? circleBbox(point, metres) : null;
  if (!box) return sql`(${compared})`;
  // The box is for the index on geom; it holds the whole circle.
  return sql`(geom && st_makeenvelope(${box[0]}::float8, ${box[1]}::float8, ${box[2]}::float8, ${box[3]}::float8, 4326) and ${compared})`;
}
