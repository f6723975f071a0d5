import type { Language } from '../i18n/language.ts';

/** A measured length (metres) or area (square metres) in the unit a person would choose: m, km, m², ha, km². */
export function measureLabel(value: number, kind: 'length' | 'area', language: Language): string {
  const [shown, unit] =
    kind === 'length'
      ? value < 1000
        ? [value, 'm']
        : [value / 1000, 'km']
      : value < 10_000
        ? [value, 'm²']
        : value < 1e6
          ? [value / 10_000, 'ha']
          : [value / 1e6, 'km²'];
  const digits = unit === 'm' || unit === 'm²' ? 0 : shown < 10 ? 2 : 1;
  const format = new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB', { maximumFractionDigits: digits });
  return `${format.format(shown)}\u00a0${unit}`;
}

/** A round length for a scale bar of at most `longest` metres: 1, 2 or 5 times a power of ten. */
export function roundLength(longest: number): number {
  const power = 10 ** Math.floor(Math.log10(longest));
  return ([5, 2, 1].find((step) => step * power <= longest) ?? 1) * power;
}
