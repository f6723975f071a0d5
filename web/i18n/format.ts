import { type TimeZone, timeZones } from '../../server/registry/time_zone.ts';
import type { Language } from './language.ts';

const locales = { id: 'id-ID', en: 'en-GB' } as const;
let zone: TimeZone = 'WIB';

/** Has all times told by the clocks of a zone; until then they are those of the west. */
export function setTimeZone(next: TimeZone): void {
  if (next !== zone) instants.clear();
  zone = next;
}

/** What the clocks of the place are called: `WIB`. */
export function zoneName(): TimeZone {
  return zone;
}

/** Ends a time that is written by the clocks of the place: `+07:00`. */
export function zoneSuffix(): string {
  return timeZones[zone].offset;
}

/** Formatters are costly to make and lists make many: one per language and options. */
const numbers = new Map<string, Intl.NumberFormat>();
function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language}${JSON.stringify(options)}`;
  const found = numbers.get(key) ?? new Intl.NumberFormat(locales[language], options);
  numbers.set(key, found);
  return found;
}

/** `1.234,5` or `1,234.5`: at most three decimals. */
export function numberText(value: number, language: Language): string {
  return numberFormat(language, { maximumFractionDigits: 3 }).format(value);
}

/** `1,2 rb` or `1.2K`: what fits a badge. */
export function compactText(value: number, language: Language): string {
  return numberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** `40 %` or `40%` of a share between 0 and 1. */
export function percentText(share: number, language: Language): string {
  return numberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** `-8.17250, 113.69680`: latitude first with a point, as people exchange it and as the search field reads it. */
export function coordinateText([lon, lat]: readonly [lon: number, lat: number]): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

const instants = new Map<string, Intl.DateTimeFormat>();
function instantParts(time: number | Date, language: Language, options: Intl.DateTimeFormatOptions) {
  const key = `${language}${JSON.stringify(options)}`;
  const found =
    instants.get(key) ??
    new Intl.DateTimeFormat(locales[language], { timeZone: timeZones[zone].name, hourCycle: 'h23', ...options });
  instants.set(key, found);
  return found.format(time);
}

/** `21 Nov 2026 19.40 WIB`. Takes milliseconds since 1970 or a Date. */
export function instantText(time: number | Date, language: Language): string {
  const day = instantParts(time, language, { day: 'numeric', month: 'short', year: 'numeric' });
  return `${day} ${instantParts(time, language, { hour: '2-digit', minute: '2-digit' })} ${zone}`;
}

/** `19.40.05 WIB`, the clock of the room. */
export function clockText(time: number, language: Language): string {
  return `${timeText(time, language)} ${zone}`;
}

/** `19.40.05`, the time of something that happened just now. Takes milliseconds since 1970. */
export function timeText(time: number, language: Language): string {
  return instantParts(time, language, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** `19.40` of a moment. Takes milliseconds since 1970. */
export function hourText(time: number, language: Language): string {
  return instantParts(time, language, { hour: '2-digit', minute: '2-digit' });
}

/** `Sabtu, 21 Nov` of a moment. Takes milliseconds since 1970. */
export function dayText(time: number, language: Language): string {
  return instantParts(time, language, { weekday: 'long', day: 'numeric', month: 'short' });
}

/** `21 Nov 2026` of a calendar day `YYYY-MM-DD`, which has no zone. */
export function dateText(day: string, language: Language): string {
  return instantParts(new Date(`${day}T12:00:00${zoneSuffix()}`), language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

/** `19.40`, on an axis. Takes milliseconds since 1970. */
export function shortTimeText(time: number, language: Language): string {
  return instantParts(time, language, { hour: '2-digit', minute: '2-digit' });
}

/** `21 Nov`, on an axis. Takes milliseconds since 1970. */
export function shortDayText(time: number, language: Language): string {
  return instantParts(time, language, { day: 'numeric', month: 'short' });
}

/** How far the clocks of the place are ahead of UTC at a time (milliseconds since 1970), in milliseconds. */
export function zoneOffset(time: number): number {
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timeZones[zone].name,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return Date.parse(`${local.format(time).replace(' ', 'T')}Z`) - Math.floor(time / 1000) * 1000;
}
