import { DatabaseError, sqlState } from '../../database/database_error.ts';
import type { Layer } from '../layer.ts';
import { Problem } from '../problem.ts';
import { invalid, pointerTo } from './input.ts';

/** What the database refused, as a problem of the input where it is one: rules over several attributes stand there. */
export function refusalOf(error: unknown, layer: Layer): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const { code, constraint = '', column } = error;
  if (code === sqlState.uniqueViolation && constraint === `${layer.id}_code`)
    return invalid([{ pointer: pointerTo('code'), code: 'taken', detail: 'another feature has this code' }]);
  if (code === sqlState.notNullViolation && column !== undefined)
    return invalid([{ pointer: pointerTo(column), code: 'required', detail: 'must be given' }]);
  if (code === sqlState.checkViolation) {
    const named = Object.keys(layer.attributes.shape).filter((key) => constraint === `${layer.id}_${key}_check`);
    const words = layer.rules?.[constraint];
    return invalid([
      {
        pointer: named[0] === undefined ? '#/input' : pointerTo(named[0]),
        code: 'rule',
        detail: words?.en ?? `breaks a rule of the layer (${constraint})`,
        ...(words && { words }),
      },
    ]);
  }
  // Class 22: a value that no column can hold, as a day that no calendar has.
  if (code.startsWith('22')) return new Problem('invalid_input', `A value cannot be stored: ${error.message}.`);
  return error;
}
