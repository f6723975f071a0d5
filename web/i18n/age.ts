import type { Language } from './language.ts';

const units = [
  { seconds: 31_536_000, id: 'tahun', en: 'year', short: { id: 'th', en: 'y' } },
  { seconds: 2_592_000, id: 'bulan', en: 'month', short: { id: 'bln', en: 'mo' } },
  { seconds: 86_400, id: 'hari', en: 'day', short: { id: 'hr', en: 'd' } },
  { seconds: 3_600, id: 'jam', en: 'hour', short: { id: 'jam', en: 'h' } },
  { seconds: 60, id: 'menit', en: 'minute', short: { id: 'mnt', en: 'min' } },
  { seconds: 1, id: 'detik', en: 'second', short: { id: 'dtk', en: 's' } },
] as const;

function parts(seconds: number) {
  const whole = Math.max(0, Math.floor(seconds));
  const unit = units.find((candidate) => whole >= candidate.seconds) ?? units[units.length - 1]!;
  return { count: Math.floor(whole / unit.seconds), unit };
}

/**
 * How long ago, in words: "4 menit lalu", "4 minutes ago"; under five seconds, and in the future (a clock that runs
 * ahead), "baru saja", "just now". Takes seconds.
 */
export function ageText(seconds: number, language: Language): string {
  if (seconds < 5) return language === 'id' ? 'baru saja' : 'just now';
  const { count, unit } = parts(seconds);
  return language === 'id' ? `${count} ${unit.id} lalu` : `${count} ${unit.en}${count === 1 ? '' : 's'} ago`;
}

/** A duration in its largest unit, short: "12 dtk", "3 jam", "12 s". Takes seconds. */
export function shortAge(seconds: number, language: Language): string {
  const { count, unit } = parts(seconds);
  return `${count} ${unit.short[language]}`;
}
