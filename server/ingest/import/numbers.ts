/** How numbers are written as text: `id` 1.234,5 · `en` 1,234.5 · absent: 1234.5, or 1234,5 where that is clear. */
export type Notation = 'id' | 'en' | undefined;

const notations = {
  id: { group: '.', decimal: ',', shape: /^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/ },
  en: { group: ',', decimal: '.', shape: /^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/ },
} as const;
const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads a number that was written for people. A point alone is the decimal point; a single comma before three digits
 * (`1,234`) can mean two things and is refused unless `notation` says which.
 * Answers what is wrong in words when it is not a number.
 */
export function parseNumber(raw: unknown, notation: Notation): number | string {
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : `${raw} is not a number`;
  const text = String(raw).trim();
  if (notation) return plainIn(text, notation) ?? `"${text.slice(0, 40)}" is not a number in the notation ${notation}`;
  if (plain.test(text)) return Number(text);
  if (/^[+-]?\d{1,3},\d{3}$/.test(text))
    return `"${text}" can be read in two ways: say --numbers id (1.234,5) or --numbers en (1,234.5)`;
  return plainIn(text, 'id') ?? plainIn(text, 'en') ?? `"${text.slice(0, 40)}" is not a number`;
}

function plainIn(text: string, notation: 'id' | 'en'): number | undefined {
  const { group, decimal, shape } = notations[notation];
  if (!shape.test(text)) return undefined;
  return Number(text.replaceAll(group, '').replace(decimal, '.'));
}
