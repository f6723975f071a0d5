import type { Condition, SpatialRelation } from './condition.ts';
import { type Expression, type FilterGeometry, quoted, refuse } from './expression.ts';
import { bboxGeometry, checkFilterGeometry } from './geometry.ts';
import { only, type Scope } from './scope.ts';

/** What a layer's geometry is called in a filter. */
export const geometryNames: readonly string[] = ['geom', 'geometry'];

export const spatialOperators = ['s_intersects', 's_disjoint', 's_within', 's_contains'];

/** Beyond it a plain box does for a prefilter no more, and no regency asks. */
const farthest = 1_000_000;

/** A spatial predicate between the layer's geometry and one that is written; in either order. */
export function checkSpatial(expression: Expression & { type: 'call' }, scope: Scope): Condition {
  const [left, right] = only(expression, 2);
  const turned = left!.type !== 'property';
  const [subject, other] = turned ? [right!, left!] : [left!, right!];
  checkSubject(subject, scope);
  const geometry = geometryOf(other);
  const isArea = geometry.type === 'Polygon' || geometry.type === 'MultiPolygon';
  const condition = (relation: SpatialRelation): Condition => ({ op: 'spatial', relation, geometry });
  if (expression.op === 's_intersects') return condition('intersects');
  if (expression.op === 's_disjoint') return { op: 'not', arg: condition('intersects') };
  if ((expression.op === 's_within') === turned) {
    if (scope.geometry === 'Polygon' || scope.geometry === 'MultiPolygon') return condition('contains');
    throw refuse(subject.at, `Only areas contain a geometry, '${scope.layer}' has ${scope.geometry}s`);
  }
  if (!isArea)
    throw refuse(
      other.at,
      `Only a POLYGON, MULTIPOLYGON or BBOX can hold a geometry within, this is a ${geometry.type}`,
    );
  return condition('within');
}

/** Whether an expression asks for a distance. */
export function isDistance(subject: Expression): subject is Expression & { type: 'call' } {
  return subject.type === 'call' && (subject.op === 's_distance' || subject.op === 'distance');
}

/**
 * `S_DISTANCE(geom, POINT(lon lat)) < metres`. CQL2 has no operator for it; this is the form most servers read, and
 * `DISTANCE` is taken for the same. Metres on the sphere, from the nearest place of the geometry.
 */
export function checkDistance(
  call: Expression & { type: 'call' },
  op: string,
  value: Expression,
  scope: Scope,
): Condition {
  const [subject, other] = only(call, 2);
  checkSubject(subject!, scope);
  const geometry = geometryOf(other!);
  if (geometry.type !== 'Point') throw refuse(other!.at, `Distance is measured to a POINT, this is a ${geometry.type}`);
  if (value.type !== 'literal' || typeof value.value !== 'number')
    throw refuse(value.at, 'Distance is compared with a number of metres');
  if (!(value.value >= 0 && value.value <= farthest))
    throw refuse(value.at, `Distance goes from 0 to ${farthest} metres`);
  if (op !== '<' && op !== '<=' && op !== '>' && op !== '>=')
    throw refuse(value.at, `Distance is compared with <, <=, > or >=, not ${quoted(op)}`);
  return { op: 'distance', test: op, point: geometry.coordinates, metres: value.value };
}

function checkSubject(subject: Expression, scope: Scope): void {
  const name = subject.type === 'property' ? subject.name : undefined;
  if (name === undefined || !geometryNames.includes(name) || scope.attributes.has(name))
    throw refuse(
      subject.at,
      `A spatial operator asks the layer's geometry, '${geometryNames[0]}', and a geometry that is written`,
    );
}

function geometryOf(other: Expression): FilterGeometry {
  if (other.type === 'geometry') return checkFilterGeometry(other.geometry, other.at);
  if (other.type === 'bbox') return bboxGeometry(other.numbers, other.at);
  throw refuse(other.at, 'A geometry was expected: POINT(113.7 -8.17), POLYGON((…)), BBOX(west, south, east, north)');
}
