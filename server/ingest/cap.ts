import type { Polygon, Position } from 'geojson';
import { isObject, type JsonObject } from './import/row.ts';
import { moment } from './observation.ts';
import { elements, elementText, parseXml } from './xml.ts';

const enumerations = {
  status: ['Actual', 'Exercise', 'System', 'Test', 'Draft'],
  msgType: ['Alert', 'Update', 'Cancel', 'Ack', 'Error'],
  scope: ['Public', 'Restricted', 'Private'],
  urgency: ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'],
  severity: ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'],
  certainty: ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'],
} as const;

type Word<K extends keyof typeof enumerations> = (typeof enumerations)[K][number];

/** What the schema lets an alert hold; 1.2 added the signature. */
const members = new Set(
  'identifier sender sent status msgType source scope restriction addresses code note references incidents info'.split(
    ' ',
  ),
);

interface CapInfo {
  readonly language: string | undefined;
  readonly event: string;
  readonly urgency: Word<'urgency'>;
  readonly severity: Word<'severity'>;
  readonly certainty: Word<'certainty'>;
  /** Milliseconds since 1970. */
  readonly effective: number | undefined;
  readonly expires: number | undefined;
  /** By the element's name. */
  readonly text: (name: 'headline' | 'description' | 'instruction' | 'senderName' | 'web') => string | undefined;
  readonly areaDesc: readonly string[];
  /** Each `<polygon>` is one ring of its own, longitude first. */
  readonly polygons: readonly Polygon[];
  readonly circles: readonly (readonly [lon: number, lat: number, radiusKm: number])[];
}

/** A message of the Common Alerting Protocol 1.1 or 1.2 (OASIS), without what is not needed. */
export interface CapAlert {
  readonly version: '1.1' | '1.2';
  readonly identifier: string;
  readonly sender: string;
  /** Milliseconds since 1970. */
  readonly sent: number;
  readonly status: Word<'status'>;
  readonly msgType: Word<'msgType'>;
  readonly scope: Word<'scope'>;
  /** The messages that it replaces or ends. */
  readonly references: readonly { readonly sender: string; readonly identifier: string }[];
  readonly infos: readonly CapInfo[];
  /** What was left out or taken for unknown, in words: the message is used without it. */
  readonly notes: readonly string[];
}

/** Reads a CAP message; throws an Error that says what is wrong with it. */
export function parseCap(bytes: Uint8Array): CapAlert {
  const parsed = parseXml(bytes);
  if ('fault' in parsed) throw new Error(parsed.fault);
  const { alert } = parsed.root;
  const [, version] =
    /<(?:[\w.-]+:)?alert\b[^>]*["']urn:oasis:names:tc:emergency:cap:(1\.[12])["']/.exec(parsed.text) ?? [];
  if (!isObject(alert) || (version !== '1.1' && version !== '1.2')) throw new Error('is not a CAP 1.1 or 1.2 alert');
  for (const name of Object.keys(alert))
    if (!members.has(name) && !(name === 'Signature' && version === '1.2'))
      throw new Error(`has <${name.slice(0, 40)}>, which CAP ${version} does not know`);
  const notes: string[] = [];
  return {
    version,
    identifier: required(alert, 'identifier'),
    sender: required(alert, 'sender'),
    sent: instant(alert, 'sent') ?? missing('sent'),
    status: word(alert, 'status'),
    msgType: word(alert, 'msgType'),
    scope: word(alert, 'scope'),
    // "sender,identifier,sent sender,identifier,sent"
    references: (elementText(alert, 'references') ?? '').split(/\s+/).flatMap((reference) => {
      const [sender, identifier] = reference.split(',');
      return sender && identifier ? [{ sender, identifier }] : [];
    }),
    infos: elements(alert, 'info').map((info) => infoOf(info, notes)),
    notes,
  };
}

function infoOf(info: unknown, notes: string[]): CapInfo {
  if (!isObject(info)) return missing('info');
  required(info, 'category');
  const areas = elements(info, 'area').filter(isObject);
  return {
    language: elementText(info, 'language'),
    event: required(info, 'event'),
    urgency: wordOrUnknown(info, 'urgency', notes),
    severity: wordOrUnknown(info, 'severity', notes),
    certainty: wordOrUnknown(info, 'certainty', notes),
    effective: instant(info, 'effective'),
    expires: instant(info, 'expires'),
    text: (name) => elementText(info, name),
    areaDesc: areas.map((area) => required(area, 'areaDesc')),
    polygons: areas.flatMap((area) => elements(area, 'polygon')).flatMap((text) => ringOf(text, notes)),
    circles: areas.flatMap((area) => elements(area, 'circle')).flatMap((text) => circleOf(text, notes)),
  };
}

function missing(name: string): never {
  throw new Error(`<${name}> is missing or empty`);
}

function required(parent: JsonObject, name: string): string {
  return elementText(parent, name) ?? missing(name);
}

function instant(parent: JsonObject, name: string): number | undefined {
  const text = elementText(parent, name);
  if (text === undefined) return undefined;
  const at = moment(text);
  if (typeof at === 'string') throw new Error(`<${name}> ${at}`);
  return at;
}

function word<K extends 'status' | 'msgType' | 'scope'>(parent: JsonObject, name: K): Word<K> {
  const text = required(parent, name);
  const known: readonly Word<K>[] = enumerations[name];
  return known.find((each) => each === text) ?? unknownWord(name, text);
}

function unknownWord(name: string, text: string): never {
  throw new Error(`<${name}> is "${text.slice(0, 40)}", which CAP does not know`);
}

/** A word that CAP does not know is no reason to leave a warning out: it is shown as unknown. */
function wordOrUnknown<K extends 'urgency' | 'severity' | 'certainty'>(
  parent: JsonObject,
  name: K,
  notes: string[],
): Word<K> | 'Unknown' {
  const text = required(parent, name);
  const known: readonly Word<K>[] = enumerations[name];
  const found = known.find((each) => each === text);
  if (found === undefined) notes.push(`<${name}> is "${text.slice(0, 40)}", shown as unknown`);
  return found ?? 'Unknown';
}

/** "lat,lon lat,lon …", at least four, the last like the first. */
function ringOf(text: unknown, notes: string[]): Polygon[] {
  const pairs = typeof text === 'string' ? text.trim().split(/\s+/) : [];
  const ring = pairs.map(positionOf);
  if (ring.some((position) => position === undefined)) {
    notes.push('a <polygon> is no list of "latitude,longitude", left out');
    return [];
  }
  const positions = ring as Position[]; // none is undefined
  const [first] = positions;
  const last = positions.at(-1);
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) positions.push(first);
  if (positions.length >= 4) return [{ type: 'Polygon', coordinates: [positions] }];
  notes.push('a <polygon> of fewer than four points, left out');
  return [];
}

function positionOf(pair: string): Position | undefined {
  const match = /^([+-]?\d{1,3}(?:\.\d+)?),([+-]?\d{1,3}(?:\.\d+)?)$/.exec(pair);
  if (!match) return undefined;
  const [lat, lon] = [Number(match[1]), Number(match[2])];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lon, lat] : undefined;
}

/** "lat,lon radius" in km; a radius of 0 is a point, which notifies no area. */
function circleOf(text: unknown, notes: string[]): (readonly [lon: number, lat: number, radiusKm: number])[] {
  const [pair = '', radius = ''] = typeof text === 'string' ? text.trim().split(/\s+/) : [];
  const position = positionOf(pair);
  const km = /^\d+(\.\d+)?$/.test(radius) ? Number(radius) : Number.NaN;
  const [lon, lat] = position ?? [];
  if (lon !== undefined && lat !== undefined && km > 0 && km <= 5000) return [[lon, lat, km]];
  if (km !== 0 || !position) notes.push('a <circle> is not "latitude,longitude radius in km", left out');
  return [];
}
