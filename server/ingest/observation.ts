import type { Attribute } from '../registry/attribute.ts';
import type { Bbox } from '../registry/catalogue.ts';
import { attributesOf, type Layer } from '../registry/layer.ts';
import { byTwoPersons } from './by_two_persons.ts';
import { type Converted, converter } from './import/convert.ts';
import { parseNumber } from './import/numbers.ts';
import type { JsonObject } from './import/row.ts';

export type Value = string | number | boolean | null;

/** What was seen of one thing at one moment, ready for the database. */
export interface Observation {
  /** The thing's key in its layer. */
  readonly code: string;
  /** When it was seen, milliseconds since 1970. */
  readonly at: number;
  /** Where the row comes from, should the observation make one. */
  readonly source: string | undefined;
  /** By attribute; what is not in it was not looked at, null was looked for and not there. */
  readonly values: Readonly<Record<string, Value>>;
  /** Longitude and latitude in degrees. */
  readonly position: readonly [lon: number, lat: number] | undefined;
  /** A value is outside its physical limits, or the device itself says it is not to be trusted: never shown as truth. */
  readonly suspect: boolean;
  /** Others of the same moment may follow, of other attributes (SensorThings sends each by itself). */
  readonly partial: boolean;
  /** The agency of the sender's key: only its own things and those of nobody are written. Absent: any. */
  readonly agency?: string;
}

export interface Refused {
  readonly code: string | null;
  readonly reason: string;
}

/** How far ahead of ours a device's clock may be. */
const aheadLimitMs = 5 * 60_000;
/** A clock that was never set says 1970 or 2000. */
const earliest = Date.UTC(2015, 0);
/** The years 1 to 9999, which is what RFC 3339 can write and the database reads. */
export const firstMoment = Date.parse('0001-01-01T00:00:00Z');
const lastMoment = Date.parse('9999-12-31T23:59:59.999Z');
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})$/;
const convertOptions = { timezone: 'UTC', dateOrder: undefined, notation: undefined, keepEmpty: false } as const;
const codeAttribute: Attribute = { kind: 'text', title: { id: 'Kode', en: 'Code' }, maxLength: 100, required: true };
const convertCode = converter(codeAttribute, convertOptions);
const sourceAttribute: Attribute = { kind: 'text', title: { id: 'Sumber', en: 'Source' }, maxLength: 100 };
const convertSource = converter(sourceAttribute, convertOptions);
/** Members of a record that are no attributes. */
const reserved = new Set(['code', 'observed_at', 'lon', 'lat', 'source']);
const dayMs = 86_400_000;

type Read = { readonly value: Value } | { readonly beyond: number } | { readonly fault: string };

/** The function that makes an observation of a record, `now` in milliseconds since 1970, or says why it cannot be one. */
export function observationReader(
  layer: Layer,
  region: Bbox,
): (record: JsonObject, now: number, partial?: boolean) => Observation | Refused {
  const guarded = byTwoPersons(layer);
  const readers = new Map(
    [...attributesOf(layer)].map(([key, attribute]) => [key, guarded.has(key) ? notByDevice : valueReader(attribute)]),
  );
  const { series } = layer;
  const quality = series?.quality;

  return (record, now, partial = false) => {
    const code = typeof record.code === 'string' ? convertCode(record.code.trim()) : notCode(record.code);
    if ('fault' in code) return { code: null, reason: `code ${code.fault}` };
    const refuse = (reason: string): Refused => ({ code: String(code.value), reason });
    const at = moment(record.observed_at);
    if (typeof at === 'string') return refuse(`observed_at ${at}`);
    if (at > now + aheadLimitMs)
      return refuse(`observed_at is ${ahead(at - now)} ahead of the server's clock; at most 5 minutes are allowed`);
    if (at < earliest) return refuse('observed_at is before 2015: the clock of the device was never set');
    if (layer.series && at < now - layer.series.keptDays * dayMs)
      return refuse(`observed_at is older than the ${layer.series.keptDays} days that are kept`);
    const position = positionOf(record, region);
    if (typeof position === 'string') return refuse(position);
    if (position && layer.geometry !== 'Point') return refuse('lon and lat: the layer has shapes, not points');

    const source = typeof record.source === 'string' ? convertSource(record.source) : { value: record.source ?? null };
    if ('fault' in source) return refuse(`source ${source.fault}`);
    if (source.value !== null && typeof source.value !== 'string') return refuse('source is not a text');

    const values: Record<string, Value> = {};
    /** Of the first value that is outside its limits, the name. */
    let beyond: string | undefined;
    for (const [key, raw] of Object.entries(record)) {
      if (reserved.has(key)) continue;
      const reader = readers.get(key);
      if (!reader) return refuse(`there is no attribute '${key.slice(0, 60)}' in ${layer.id}`);
      const read = reader(raw);
      if ('fault' in read) return refuse(`${key} ${read.fault}`);
      if ('value' in read) values[key] = read.value;
      else {
        values[key] = read.beyond;
        beyond ??= `${key} ${limits(read.beyond, layer, key)}`;
      }
    }
    const isKept = series?.attributes.some((key) => key in values) || (series && layer.moving && position);
    if (beyond !== undefined && !isKept) return refuse(beyond);
    let suspect = beyond !== undefined;
    if (quality !== undefined) {
      if (suspect) values[quality] = 'suspect';
      else suspect = values[quality] === 'suspect' || values[quality] === 'bad';
    }
    if (Object.keys(values).length === 0 && !position) return refuse('says nothing but its time');
    return { code: String(code.value), at, source: source.value ?? undefined, values, position, suspect, partial };
  };
}

function notCode(given: unknown): { fault: string } {
  return { fault: given === undefined || given === null ? 'is missing' : 'is not a text' };
}

/** A moment with its zone, in milliseconds since 1970; why not, in words. */
export function moment(raw: unknown): number | string {
  if (raw === undefined || raw === null) return 'is missing';
  const match = typeof raw === 'string' && raw.length <= 40 ? rfc3339.exec(raw.trim()) : null;
  if (!match) return 'is not a time with date and zone, as 2026-11-21T19:40:00+07:00';
  const at = Date.parse(match[0].replace(' ', 'T'));
  // Date.parse takes 31 February for 3 March.
  const days = new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate();
  // A zone can carry the first and the last day out of the calendar.
  const isThere = at >= firstMoment && at <= lastMoment && Number(match[3]) <= days;
  return isThere ? at : 'is no time of the calendar';
}

function ahead(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

function positionOf({ lon, lat }: JsonObject, region: Bbox): readonly [number, number] | undefined | string {
  if ((lon === undefined || lon === null) && (lat === undefined || lat === null)) return undefined;
  if (typeof lon !== 'number' || typeof lat !== 'number' || !Number.isFinite(lon) || !Number.isFinite(lat))
    return 'lon and lat are not two numbers';
  const [west, south, east, north] = region;
  if (lon >= west && lon <= east && lat >= south && lat <= north) return [lon, lat];
  const swapped = lat >= west && lat <= east && lon >= south && lon <= north;
  return `lon ${lon}, lat ${lat} is outside the region${swapped ? ' (latitude and longitude are swapped)' : ''}`;
}

function valueReader(attribute: Attribute): (raw: unknown) => Read {
  if (attribute.derived) return () => ({ fault: 'is worked out by the server' });
  const convert = converter(attribute, convertOptions);
  const { kind } = attribute;
  if (kind === 'number' || kind === 'integer') return (raw) => number(raw, attribute, convert);
  return (raw) => {
    if (typeof raw === 'object' && raw !== null) return { fault: 'is not a plain value' };
    if (kind === 'choice' && typeof raw === 'string' && Object.hasOwn(attribute.choices, raw)) return { value: raw };
    if (kind === 'instant' && raw !== null) {
      const at = moment(raw);
      return typeof at === 'string' ? { fault: at } : { value: new Date(at).toISOString() };
    }
    return convert(raw);
  };
}

/** Else one stolen key would do what takes two persons. */
function notByDevice(): Read {
  return { fault: 'is changed by two persons, not by a device' };
}

function number(
  raw: unknown,
  { kind, min, max }: Attribute & { kind: 'number' | 'integer' },
  convert: (raw: unknown) => Converted,
): Read {
  if (raw === null || raw === '') return convert(raw);
  if (typeof raw !== 'number' && typeof raw !== 'string') return { fault: 'is not a number' };
  const value = parseNumber(raw, undefined);
  if (typeof value === 'string') return { fault: `${value}` };
  if (!Number.isFinite(value)) return { fault: 'is not a number' };
  if (kind === 'integer' && !Number.isInteger(value)) return { fault: `${value} is not a whole number` };
  const outside = value < (min ?? -Infinity) || value > (max ?? Infinity);
  if (outside || (kind === 'integer' && Math.abs(value) > 2 ** 31 - 1)) return { beyond: value };
  return { value };
}

function limits(value: number, layer: Layer, key: string): string {
  const attribute = attributesOf(layer).get(key);
  const { min = '-∞', max = '∞' } = attribute?.kind === 'number' || attribute?.kind === 'integer' ? attribute : {};
  return `${value} is outside ${min} to ${max}`;
}
