import { Problem } from '../../registry/problem.ts';
import { checkGeometry, isBbox } from './geometry_check.ts';
import { jsonItems } from './json_items.ts';
import { flatten, type ImportRow, isObject, type JsonObject, type Note } from './row.ts';
import type { Encoding } from './text_file.ts';

const geometryTypes = /^(Multi)?(Point|LineString|Polygon)$|^GeometryCollection$/;
/** Members that RFC 7946 §7.1 keeps away from each kind of object. */
const strangers = {
  collection: ['coordinates', 'geometries', 'geometry', 'properties'],
  feature: ['coordinates', 'geometries', 'features'],
};

/**
 * Reads GeoJSON: a collection of any size, one feature, one geometry, or features line by line; and plain lists of
 * objects, which are tables.
 * @throws Problem `invalid_input` when the file is not JSON, or JSON but not features.
 */
export async function* geojsonRows(path: string, note: Note, encoding: Encoding): AsyncGenerator<ImportRow> {
  let number = 0;
  for await (const item of jsonItems(path, encoding)) {
    if (item.kind === 'element') {
      yield elementRow(item.text, ++number, note);
    } else {
      const root = rootObject(item.members);
      if (root.type !== 'FeatureCollection' || number === 0) refuseUnlessFeatures(root, number);
      if (root.type === 'FeatureCollection') noteStrangers(root, strangers.collection, note);
      else yield valueRow(root, ++number, note);
    }
  }
}

function elementRow(text: string, number: number, note: Note): ImportRow {
  try {
    return valueRow(JSON.parse(text), number, note);
  } catch {
    return refused(number, 'not JSON');
  }
}

function rootObject(members: readonly (readonly [string, string])[]): JsonObject {
  const keys = members.map(([key]) => key);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) throw new Problem('invalid_input', `Not GeoJSON: the member "${twice}" occurs twice.`);
  return Object.fromEntries(
    members.map(([key, text]) => {
      try {
        return [key, JSON.parse(text)];
      } catch {
        throw new Problem('invalid_input', `The file is not JSON: the member "${key}" cannot be read.`);
      }
    }),
  );
}

/** A root object is a collection, a feature or a geometry; among lines (`number` > 0) a plain object is a row as well. */
function refuseUnlessFeatures(root: JsonObject, number: number): void {
  const { type } = root;
  if (type === 'FeatureCollection') {
    if (!('features' in root)) throw new Problem('invalid_input', 'The feature collection has no "features".');
    if (!Array.isArray(root.features)) throw new Problem('invalid_input', '"features" is not a list.');
  } else if (type !== 'Feature' && !(typeof type === 'string' && geometryTypes.test(type)) && number === 0) {
    const what = type === undefined ? 'it has no type' : `its type is ${JSON.stringify(type).slice(0, 40)}`;
    throw new Problem('invalid_input', `Not a feature file: JSON, but not GeoJSON (${what}).`);
  }
}

function noteStrangers(object: JsonObject, names: readonly string[], note: Note): void {
  for (const name of names) if (name in object) note(`a ${String(object.type)} with a member "${name}", ignored`);
  if ('bbox' in object && !isBbox(object.bbox)) note('a "bbox" member that is none, ignored');
}

function valueRow(value: unknown, number: number, note: Note): ImportRow {
  if (!isObject(value)) return refused(number, 'not a feature: not an object');
  const { type } = value;
  if (type === 'Feature') return featureRow(value, number, note);
  if (typeof type === 'string' && geometryTypes.test(type) && ('coordinates' in value || 'geometries' in value))
    return 'properties' in value || 'geometry' in value || 'features' in value
      ? refused(number, `a ${type} cannot have properties, geometry or features`)
      : featureRow({ type: 'Feature', geometry: value }, number, note);
  if ('geometry' in value || 'coordinates' in value || (typeof type === 'string' && geometryTypes.test(type)))
    return refused(number, `not a feature: type ${JSON.stringify(type)?.slice(0, 40)}`);
  return { number, properties: flatten(value), geometry: null };
}

function featureRow(feature: JsonObject, number: number, note: Note): ImportRow {
  const { id, properties, geometry } = feature;
  if (properties !== null && properties !== undefined && !isObject(properties))
    return refused(number, '"properties" is not an object');
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number')
    return refused(number, 'the id of the feature is neither text nor a number');
  noteStrangers(feature, strangers.feature, note);
  const values = isObject(properties) ? flatten(properties) : {};
  // The id of the feature is a field like the others, unless there is one of that name already.
  if (id !== undefined && id !== null && !('id' in values)) values.id = id;
  if (geometry === null || geometry === undefined) return { number, properties: values, geometry: null };
  const checked = checkGeometry(geometry, note);
  return typeof checked === 'string'
    ? { number, properties: values, geometry: null, fault: checked }
    : { number, properties: values, geometry: checked };
}

function refused(number: number, fault: string): ImportRow {
  return { number, properties: {}, geometry: null, fault };
}
