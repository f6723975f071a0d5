import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import type { Geometry, Position } from 'geojson';
import { Problem } from '../../registry/problem.ts';
import { decodeXml, elements, elementText } from '../xml.ts';
import { checkGeometry } from './geometry_check.ts';
import { type ImportRow, isObject, type JsonObject, type Note, type Source } from './row.ts';
import { type Encoding, encodingOf } from './text_file.ts';
import { kmlInArchive } from './unzip.ts';

/** Attributes are members that begin with this; no element does. */
const attribute = '@';
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: attribute,
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  maxNestedTags: 30,
  htmlEntities: true,
});

/** A placemark as it stands in the file, and the folder it is in. */
interface Placemark {
  readonly xml: string;
  readonly folder: string;
}

/**
 * Opens KML, or the KML inside a KMZ: names, descriptions and extended data (`Data`, `SchemaData`, elements of their own)
 * are fields. `layerName`: one folder, else all of them, with the folder as a field where there are several.
 * @throws Problem `invalid_input`: not KML, or no such folder.
 */
export async function openKml(path: string, layerName: string | undefined): Promise<Source> {
  const bytes = await readFile(path);
  const archived = bytes.subarray(0, 2).toString('latin1') === 'PK';
  const { text, encoding } = await decodeKml(archived ? kmlInArchive(bytes, basename(path)) : bytes);
  if (!/<(\w+:)?(kml|Placemark)\b/.test(text) || /<!DOCTYPE/i.test(text))
    throw new Problem('invalid_input', `Not a feature file: ${basename(path)} is not KML.`);
  const all = placemarks(text);
  const folders = [...new Set(all.map(({ folder }) => folder))];
  if (layerName !== undefined && !folders.includes(layerName))
    throw new Problem(
      'invalid_input',
      `There is no folder "${layerName}" in the file; there are: ${folders.join(', ')}.`,
    );
  const chosen = layerName === undefined ? all : all.filter(({ folder }) => folder === layerName);
  const named = layerName === undefined && folders.length > 1;
  return {
    format: archived ? 'KMZ' : 'KML',
    crs: 'EPSG:4326',
    ...(encoding && { encoding }),
    ...(layerName !== undefined && { layerName }),
    tabular: false,
    async *rows(note) {
      for (const [i, placemark] of chosen.entries()) yield placemarkRow(placemark, i + 1, named, note);
    },
    close: async () => {},
  };
}

/** In the encoding that it declares; where it is in another, as other texts are read. */
async function decodeKml(bytes: Uint8Array): Promise<{ text: string; encoding?: Encoding }> {
  const declared = decodeXml(bytes);
  if (declared !== undefined) return { text: declared };
  const encoding = await encodingOf([bytes]);
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

/** Found by their tags, so that one which is broken is one row and a large file is never a tree in memory. */
function placemarks(text: string): Placemark[] {
  const found: Placemark[] = [];
  const inside: string[] = [];
  let begun = -1;
  const tokens = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<(\/?)(?:\w+:)?(Folder|Document|Placemark)\b[^>]*?(\/?)>/g;
  for (const { 0: token, 1: closes, 2: name, 3: isEmpty, index } of text.matchAll(tokens)) {
    if (name === undefined || isEmpty) continue;
    const end = index + token.length;
    if (name !== 'Placemark') {
      if (closes) inside.pop();
      else inside.push(/^\s*<(?:\w+:)?name>([^<]*)<|^/.exec(text.slice(end, end + 1000))?.[1]?.trim() ?? '');
    } else if (!closes) begun = index;
    else if (begun >= 0) {
      found.push({ xml: text.slice(begun, end), folder: inside.at(-1) ?? '' });
      begun = -1;
    }
  }
  if (begun >= 0) found.push({ xml: text.slice(begun), folder: inside.at(-1) ?? '' }); // the file ends in its middle
  return found;
}

function placemarkRow({ xml, folder }: Placemark, number: number, named: boolean, note: Note): ImportRow {
  let placemark: unknown;
  try {
    placemark = Object.values(parser.parse(xml, true))[0];
  } catch (error) {
    return {
      number,
      properties: {},
      geometry: null,
      fault: `not XML: ${error instanceof Error ? error.message : error}`,
    };
  }
  if (!isObject(placemark)) return { number, properties: {}, geometry: null };
  const properties = {
    Name: elementText(placemark, 'name') ?? null,
    Description: elementText(placemark, 'description') ?? null,
    ...(named && { Folder: folder }),
    ...extendedData(placemark),
  };
  const geometry = geometryOf(placemark);
  if (geometry === null) return { number, properties, geometry };
  const checked = checkGeometry(geometry, note);
  return typeof checked === 'string'
    ? { number, properties, geometry: null, fault: checked }
    : { number, properties, geometry: checked };
}

function extendedData(placemark: JsonObject): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  const add = (name: unknown, value: unknown) => {
    const text = isObject(value) ? value['#text'] : value;
    if (typeof name === 'string') found[name] = typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
  };
  const each = (parent: JsonObject, name: string) => elements(parent, name).filter(isObject);
  for (const data of each(placemark, 'ExtendedData')) {
    for (const one of each(data, 'Data')) add(one[`${attribute}name`], elements(one, 'value')[0]);
    for (const schema of each(data, 'SchemaData'))
      for (const one of each(schema, 'SimpleData')) add(one[`${attribute}name`], one);
    for (const [name, value] of Object.entries(data))
      if (typeof value === 'string' && !name.startsWith(attribute) && name !== '#text') add(name, value);
  }
  return found;
}

/** The geometry of a placemark or of a part of one; null where there is none that a map of features can hold. */
function geometryOf(parent: JsonObject): Geometry | null {
  const all = partsOf(parent);
  const [first] = all;
  if (!first || all.length === 1) return first ?? null;
  if (first.type === 'GeometryCollection' || !all.every(({ type }) => type === first.type))
    return { type: 'GeometryCollection', geometries: all };
  const coordinates = all.map((part) => ('coordinates' in part ? part.coordinates : []));
  return { type: `Multi${first.type}`, coordinates } as Geometry; // several of one kind
}

function partsOf(parent: JsonObject): Geometry[] {
  const each = (name: string) => elements(parent, name).filter(isObject);
  const rings = (polygon: JsonObject, side: string) =>
    elements(polygon, side)
      .filter(isObject)
      .flatMap((boundary) => elements(boundary, 'LinearRing').filter(isObject).map(positions));
  return [
    ...each('Point').map((point): Geometry => ({ type: 'Point', coordinates: positions(point)[0] ?? [] })),
    ...[...each('LineString'), ...each('LinearRing')].map(
      (line): Geometry => ({ type: 'LineString', coordinates: positions(line) }),
    ),
    ...each('Polygon').map(
      (polygon): Geometry => ({
        type: 'Polygon',
        coordinates: [...rings(polygon, 'outerBoundaryIs'), ...rings(polygon, 'innerBoundaryIs')],
      }),
    ),
    ...each('MultiGeometry').flatMap(partsOf),
  ];
}

/** "113.6,-8.2,0 113.7,-8.2,0": longitude, latitude and a height that is left out; some write blanks behind the commas. */
function positions(geometry: JsonObject): Position[] {
  const text = elementText(geometry, 'coordinates') ?? '';
  const tuples = text
    .replace(/\s*,\s*/g, ',')
    .split(/\s+/)
    .filter(Boolean);
  return tuples.map((tuple) => tuple.split(',').slice(0, 2).map(Number));
}
