import { isDeepStrictEqual } from 'node:util';
import { isArea } from '../areas.ts';
import type { Acting } from './acting.ts';
import type { Values } from './action.ts';
import { type FieldError, invalid, readFields, writable, writableShape } from './input.ts';
import { checkPlace } from './place.ts';
import type { Changes, StoredRow } from './row.ts';

/**
 * Reads the input of `edit` and `create`: attributes, `code`, `agency` and `geometry`. A new place brings its area code.
 * Throws `invalid_input` with all errors.
 */
export async function editInput({ parts, trx, view, wish }: Acting, row?: StoredRow): Promise<Changes> {
  const { layer } = view;
  const { geometry, ...fields } = wish.input;
  const attributes = [...writable(view)].filter(([key]) => !row?.hidden.has(key));
  const shown = attributes.filter(([key]) => !view.writeOnly.has(key)); // nobody could send back what he does not read
  const whole = wish.whole || !row;
  const blank: Values = wish.whole ? Object.fromEntries(shown.map(([key]) => [key, null])) : {};
  const shape = writableShape(view);
  const { values, errors } = readFields(
    { ...blank, ...fields },
    {
      shape: Object.fromEntries(attributes.map(([key]) => [key, shape[key]!])),
      required: attributes.filter(([key, { required }]) => required && (whole || key in fields)).map(([key]) => key),
      isReadOnly: (key) => view.attributes.has(key) && !row?.hidden.has(key),
    },
  );
  const faults: FieldError[] = [...errors];
  // What was read and is sent back: outputs round to a centimetre, and nobody moved it.
  const same = geometry && row?.shownGeometry && isDeepStrictEqual(geometry, JSON.parse(row.shownGeometry));
  if (geometry === undefined || same) {
    if (faults.length > 0) throw invalid(faults);
    return wish.whole && !same ? { values, geometry: null } : { values };
  }
  const place = geometry === null ? null : await checkPlace(trx, layer, geometry, parts.config.REGION_BBOX);
  if (place && 'code' in place) faults.push(place);
  if (faults.length > 0) throw invalid(faults);
  if (!place || 'code' in place) return { values, geometry: null };
  // An area is what its own code says; everything else lies in one.
  const area = isArea(layer) ? {} : { area_code: place.areaCode };
  return { values: { ...values, ...area }, geometry: place.geometry };
}
