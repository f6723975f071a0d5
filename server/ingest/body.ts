import { Problem } from '../registry/problem.ts';
import { isObject, type JsonObject } from './import/row.ts';
import { parseJson } from './json_text.ts';

/** A record as it came, its members by name; or why it is none. */
export type Entry = { readonly record: JsonObject } | { readonly fault: string };

/** RFC 8142 begins each text of a sequence with it. */
const recordSeparator = '\u001e';

const mediaTypes = {
  'application/json': wholeText,
  'application/geo+json': wholeText,
  'application/x-ndjson': lines,
  'application/ndjson': lines,
  'application/jsonl': lines,
  'application/geo+json-seq': lines,
} as const satisfies Record<string, (text: string) => Entry[]>;

/**
 * The records of a body: one JSON object, a list of them, one a line (NDJSON), or GeoJSON features, whose `geometry`
 * becomes `lon` and `lat`, and whose `id` the `code` unless there is a property of that name.
 * @throws Problem `unsupported_media_type`; `bad_request` when nothing of it can be read. A broken line is an entry of its own.
 */
export function readBody(bytes: Uint8Array, contentType: string): Entry[] {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  const read = Object.hasOwn(mediaTypes, type) ? mediaTypes[type as keyof typeof mediaTypes] : undefined; // looked up
  if (!read)
    throw new Problem(
      'unsupported_media_type',
      `Send one of ${Object.keys(mediaTypes).join(', ')} as Content-Type, not "${type.slice(0, 60)}".`,
    );
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('bad_request', 'The body is not UTF-8.');
  }
  return read(text);
}

function wholeText(text: string): Entry[] {
  const parsed = parseJson(text);
  if ('fault' in parsed) throw new Problem('bad_request', `The body cannot be read: ${parsed.fault}.`);
  return entriesOf(parsed.value);
}

function lines(text: string): Entry[] {
  return text
    .split(/\r?\n/)
    .map((line) => (line.startsWith(recordSeparator) ? line.slice(1) : line).trim())
    .filter((line) => line !== '')
    .flatMap((line) => {
      const parsed = parseJson(line);
      return 'fault' in parsed ? [parsed] : entriesOf(parsed.value);
    });
}

/** The records of a parsed value. */
export function entriesOf(value: unknown): Entry[] {
  if (Array.isArray(value)) return value.map(entryOf);
  if (isObject(value) && value.type === 'FeatureCollection' && Array.isArray(value.features))
    return value.features.map(entryOf);
  return [entryOf(value)];
}

function entryOf(value: unknown): Entry {
  if (!isObject(value)) return { fault: 'not an object' };
  return value.type === 'Feature' ? featureEntry(value) : { record: value };
}

function featureEntry({ id, geometry, properties }: JsonObject): Entry {
  const record: Record<string, unknown> = { ...(isObject(properties) ? properties : {}) };
  if (!Object.hasOwn(record, 'code') && id !== undefined) record.code = id;
  if (geometry === null || geometry === undefined) return { record };
  if (!isObject(geometry) || geometry.type !== 'Point' || !Array.isArray(geometry.coordinates))
    return { fault: 'an observation has a Point as its geometry, or none' };
  const [lon, lat] = geometry.coordinates;
  return { record: { ...record, lon, lat } };
}
