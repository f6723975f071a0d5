import { isObject, type JsonObject } from '../import/row.ts';
import { parseJson } from '../json_text.ts';
import { moment } from '../observation.ts';
import { clipped, type Feed, type FeedFault, type FeedRecord, type Payload } from '../pull/feed.ts';

const folder = 'https://data.bmkg.go.id/DataMKG/TEWS';

/** Earthquakes from BMKG: the newest, those of M 5.0 and more, and those that were felt. The same one is in up to three files. */
export const bmkg_quake: Feed = {
  id: 'bmkg_quake',
  title: { id: 'Gempa bumi BMKG', en: 'Earthquakes, BMKG' },
  attribution: 'BMKG (Badan Meteorologi, Klimatologi, dan Geofisika)',
  layer: 'quake',
  everyMinutes: 1,
  mostPauseMinutes: 5, // a tsunami does not wait
  // The newest last: where they differ, it was revised last.
  urls: ['gempaterkini', 'gempadirasakan', 'autogempa'].map((file) => `${folder}/${file}.json`),
  within: 'anywhere',
  parse(payload) {
    const parsed = parseJson(new TextDecoder().decode(payload.bytes));
    if ('fault' in parsed) throw new Error(parsed.fault);
    const info = isObject(parsed.value) ? parsed.value.Infogempa : undefined;
    const gempa = isObject(info) ? info.gempa : undefined;
    // An object in autogempa, a list in the others.
    const entries = Array.isArray(gempa) ? gempa : isObject(gempa) ? [gempa] : undefined;
    if (!entries) throw new Error('has no Infogempa.gempa');
    const records: FeedRecord[] = [];
    const faults: FeedFault[] = [];
    for (const entry of entries) {
      const result = isObject(entry) ? quakeOf(entry, payload) : 'not an object';
      if (typeof result === 'string') faults.push({ key: null, reason: result, record: entry });
      else records.push(result);
    }
    return { records, faults };
  },
};

function quakeOf(entry: JsonObject, { url }: Payload): FeedRecord | string {
  // Tanggal and Jam say the same for people.
  const at = moment(entry.DateTime);
  if (typeof at === 'string') return `DateTime ${at}`;
  // No sign in Lintang and Bujur, but here; latitude first.
  const place = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(said(entry.Coordinates) ?? '');
  if (!place) return 'Coordinates are not "latitude,longitude"';
  const [lat, lon] = [Number(place[1]), Number(place[2])];
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return `latitude ${lat}, longitude ${lon} is not on earth`;
  const magnitude = number(entry.Magnitude, /^-?\d+(\.\d+)?$/);
  if (magnitude === undefined) return 'Magnitude is not a number';
  const name = said(entry.Wilayah);
  if (name === undefined) return 'Wilayah is missing';
  const observedAt = new Date(at).toISOString();
  const [potential, felt, shakemap] = [said(entry.Potensi), said(entry.Dirasakan), said(entry.Shakemap)];
  const depth = number(entry.Kedalaman, /^(\d+(?:\.\d+)?)\s*km$/i);
  if (depth === undefined && said(entry.Kedalaman) !== undefined) return 'Kedalaman is not a depth in km';
  return {
    // There is no id: one place and moment is one event, whatever is revised of it.
    key: `bmkg:${observedAt.replace('.000Z', 'Z')}:${lon},${lat}`,
    observedAt,
    values: {
      name: clipped(name, 300),
      magnitude,
      depth_km: depth ?? null,
      // Only some files have the statement, and others say something else here: that takes nothing back.
      tsunami: potential === undefined ? null : tsunamiOf(potential),
      potential: potential !== undefined && tsunamiOf(potential) !== null ? clipped(potential, 500) : null,
      felt: clipped(felt, 2000),
      felt_mmi: strongest(felt),
      shakemap: shakemap && /^[\w.-]{1,100}$/.test(shakemap) ? new URL(shakemap, url).href : null,
    },
    place: { lon, lat },
  };
}

/** A text that says something: "-" is how the source writes nothing. */
function said(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || text === '-' ? undefined : text;
}

function number(value: unknown, shape: RegExp): number | undefined {
  const match = shape.exec(said(value) ?? '');
  return match ? Number.parseFloat(match[0]) : undefined;
}

/** "Tidak berpotensi tsunami", "Berpotensi tsunami", "Peringatan dini tsunami … dinyatakan berakhir". */
function tsunamiOf(potential: string): 'yes' | 'no' | null {
  if (!/tsunami/i.test(potential)) return null;
  return /\b(tidak|berakhir|dicabut)\b/i.test(potential) ? 'no' : 'yes';
}

const roman = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'];

/** The highest of the Roman numbers that stand before the places: "II - III Kab. Manggarai, IV Ende" is 4. */
function strongest(felt: string | undefined): number | null {
  const found = (felt ?? '').match(/\b[IVX]+\b/g) ?? [];
  const degrees = found.map((numeral) => roman.indexOf(numeral) + 1);
  const most = Math.max(0, ...degrees);
  return most === 0 ? null : most;
}
