import type { Attribute } from '../attribute.ts';
import type { GeometryKind } from '../layer.ts';
import type { Condition } from './condition.ts';
import { type Expression, refuse } from './expression.ts';

/** What a filter may speak of. */
export interface Scope {
  readonly layer: string;
  readonly geometry: GeometryKind;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Where an attribute shows, if not in every row; elsewhere it is null. */
  readonly masks?: ReadonlyMap<string, Condition>;
}

/** The arguments of a call that must have so many. */
export function only({ op, args, at }: Expression & { type: 'call' }, count: number): readonly Expression[] {
  if (args.length !== count)
    throw refuse(at, `'${op}' needs ${count === 1 ? 'one argument' : `${count} arguments`}, here are ${args.length}`);
  return args;
}
