import { latitude, longitude, type WorldBox } from '../../tiles/mercator.ts';
import { jsonDegrees } from './json_columns.ts';

/** What happened to one feature of a view, between a moment before and the moment of `seq`. */
export interface FeatureChange {
  readonly layer: string;
  readonly id: number;
  /** The number of the log that it was last changed by. */
  readonly seq: number;
  /** The view showed it before; and where, if it had a place. */
  readonly existed: boolean;
  readonly before: WorldBox | undefined;
  /** The view shows it now; and where, if it has a place. */
  readonly exists: boolean;
  readonly after: WorldBox | undefined;
  /** The view showed it at some moment in between, where one may have met it; and a box around its places then. */
  readonly between: boolean;
  readonly passed: WorldBox | undefined;
  /** Its state is critical: told before all else. */
  readonly alarm: boolean;
  /** JSON members: `"from":[…],` when it was elsewhere before, '' otherwise. */
  readonly from: string;
  /** JSON members of what it is now: place and properties; '' when it is gone. */
  readonly content: string;
}

/** Before a change that nobody remembers, a feature may have been anywhere. */
export const anywhere: WorldBox = { minX: 0, minY: 0, maxX: 2 ** 32, maxY: 2 ** 32 };

/** Two changes of one feature as one. */
export function merged(first: FeatureChange, last: FeatureChange): FeatureChange {
  const { existed, before, from } = first;
  return {
    ...last,
    ...{ existed, before, from: existed ? from || last.from : '' },
    between: first.between || first.exists || last.between,
    passed: around(around(first.passed, first.after), last.passed),
  };
}

/** A box around two others, or the one that there is. */
export function around(a: WorldBox | undefined, b: WorldBox | undefined): WorldBox | undefined {
  if (!a || !b) return a ?? b;
  return {
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
  };
}

/** Whether two boxes are one. */
export function same(a: WorldBox | undefined, b: WorldBox | undefined): boolean {
  if (!a || !b) return a === b;
  return a.minX === b.minX && a.minY === b.minY && a.maxX === b.maxX && a.maxY === b.maxY;
}

/**
 * What somebody who looks at some boxes (undefined: at everything) is told of a change, as a JSON object: `insert` and
 * `update` with all there is to show, `leave` when it went out of the boxes, `delete` when it is gone; these two also when it
 * was seen in between only, since a state or a tile may have shown it then. Undefined when it is none of his business.
 */
export function tell(change: FeatureChange, boxes: readonly WorldBox[] | undefined): string | undefined {
  const sees = boxes ? change.exists && touches(change.after, boxes) : change.exists;
  const met = boxes ? touches(change.before, boxes) || touches(change.passed, boxes) : change.existed || change.between;
  if (sees) return text(change, change.existed ? 'update' : 'insert');
  if (met) return text(change, change.exists ? 'leave' : 'delete');
  return undefined;
}

type Operation = 'insert' | 'update' | 'leave' | 'delete';

/** The last text of each change: nearly everybody is told the same. */
const texts = new WeakMap<FeatureChange, { readonly op: Operation; readonly text: string }>();

function text(change: FeatureChange, op: Operation): string {
  const known = texts.get(change);
  if (known?.op === op) return known.text;
  const { layer, id, from, content } = change;
  const places = `${from}${passedText(change)}`;
  const members = op === 'insert' || op === 'update' ? `${places}${content}` : places.slice(0, -1);
  const made = `{"layer":"${layer}","op":"${op}","id":${id}${members && `,${members}`}}`;
  texts.set(change, { op, text: made });
  return made;
}

/** `"passed":[west,south,east,north],` where it was elsewhere in between than before and after. */
function passedText({ passed, before, after }: FeatureChange): string {
  if (!passed || passed === anywhere || same(passed, before) || same(passed, after)) return '';
  const { minX, minY, maxX, maxY } = passed;
  const corners = [longitude(minX), latitude(maxY), longitude(maxX), latitude(minY)];
  return `"passed":[${corners.map(jsonDegrees).join()}],`;
}

/** Whether a box touches one of some others; edges count. */
export function touches(box: WorldBox | undefined, boxes: readonly WorldBox[]): boolean {
  if (!box) return false;
  for (const { minX, minY, maxX, maxY } of boxes)
    if (box.minX <= maxX && box.maxX >= minX && box.minY <= maxY && box.maxY >= minY) return true;
  return false;
}
