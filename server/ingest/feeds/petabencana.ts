import { isObject, type JsonObject } from '../import/row.ts';
import { parseInstant } from '../import/times.ts';
import { parseJson } from '../json_text.ts';

/** The features of an answer, bare or in its `result`. Throws an Error with the reason when it is no FeatureCollection. */
export function featuresOf(bytes: Uint8Array): readonly unknown[] {
  const parsed = parseJson(new TextDecoder().decode(bytes));
  if ('fault' in parsed) throw new Error(parsed.fault);
  const { value } = parsed;
  const collection = isObject(value) && isObject(value.result) ? value.result : value;
  if (!isObject(collection) || collection.type !== 'FeatureCollection' || !Array.isArray(collection.features))
    throw new Error('is not a GeoJSON FeatureCollection');
  return collection.features;
}

/** The properties of a feature; none when it has none. */
export function propertiesOf(feature: unknown): JsonObject {
  return isObject(feature) && isObject(feature.properties) ? feature.properties : {};
}

/** The key of the thing with an id of theirs; undefined when that is none. 16 digits fit a number; as text they fit everywhere. */
export function keyOf(id: unknown): string | undefined {
  const isId = (typeof id === 'string' || typeof id === 'number') && /^\w{1,60}$/.test(String(id));
  return isId ? `petabencana:${id}` : undefined;
}

/** A moment as RFC 3339, or what is wrong with it; without a zone it is that of Jakarta. */
export function momentOf(value: unknown): ReturnType<typeof parseInstant> {
  return parseInstant(value, { timezone: 'Asia/Jakarta', dateOrder: undefined });
}

/** A text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
