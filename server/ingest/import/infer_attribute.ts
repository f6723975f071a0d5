import type { Attribute, Choice } from '../../registry/attribute.ts';
import type { AskedKind } from './asked_kind.ts';
import { normal } from './convert.ts';
import { fieldName, synonyms } from './mapping.ts';
import type { FieldSurvey } from './survey.ts';

/** A text field with no more values than this is a closed vocabulary. */
const mostChoices = 20;
const longestChoice = 60;

/**
 * The attribute of a new layer that a field becomes: what `asked` says, else the narrowest kind that all its values are of,
 * a choice where they are few and come again, a text.
 */
export function inferAttribute(
  { name, distinct, filled, longest, kinds }: FieldSurvey,
  asked: AskedKind | undefined,
): Attribute {
  const readable = name.replace(/[_.]+/g, ' ').trim();
  const title = { id: readable, en: readable };
  const kind = asked ?? kinds[0];
  if (kind !== undefined && kind !== 'text') return { kind, title };
  // A name is never a closed vocabulary, however few there are.
  const closed = asked === undefined && longest <= longestChoice && distinct.size <= mostChoices && !isName(name);
  const found = closed ? choicesOf([...distinct]) : undefined;
  const choices = found && Object.keys(found).length < filled ? found : undefined;
  // A text has room for what the next file brings.
  return choices ? { kind: 'choice', title, choices } : { kind: 'text', title, maxLength: Math.max(200, longest * 2) };
}

function isName(field: string): boolean {
  return ['name', ...(synonyms.name ?? [])].includes(fieldName(field));
}

/** Values that differ in case only are one choice; undefined when two would have the same key all the same. */
function choicesOf(values: readonly unknown[]): Record<string, Choice> | undefined {
  const choices: Record<string, Choice> = {};
  const spelled = new Map<string, string>();
  for (const value of values.map(String)) {
    const key = keyOf(value);
    const known = spelled.get(normal(value));
    if (known !== undefined && known.toLowerCase() !== value.trim().toLowerCase()) return undefined;
    if (known !== undefined) continue;
    if (key === '' || key in choices) return undefined;
    spelled.set(normal(value), value.trim());
    choices[key] = { id: value.trim(), en: value.trim() };
  }
  return choices;
}

/** "In Progress" → `in_progress`, "-1" → `minus_1`. */
function keyOf(value: string): string {
  const text = value
    .trim()
    .toLowerCase()
    .replace(/^-(?=\d)/, 'minus_');
  return text.replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '');
}
