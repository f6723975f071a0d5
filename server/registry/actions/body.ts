import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isObject } from '../../ingest/import/row.ts';
import { parseJson } from '../../ingest/json_text.ts';
import { Problem } from '../problem.ts';
import { type FieldError, invalid } from './input.ts';

/** Refuses larger bodies (`too_large`). */
export function atMost(bytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: bytes,
    onError() {
      throw new Problem('too_large', `A body has at most ${bytes.toLocaleString('en')} bytes.`);
    },
  });
}

/** At most 2 MB: a boundary with every bend of a river fits. */
export const limitBody: MiddlewareHandler = atMost(2_000_000);

/** The JSON object of a body of one of these media types; an empty body is an empty object. */
export async function readObject(c: Context, types: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const type = (c.req.header('Content-Type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (bytes.length === 0 && type === '') return {};
  if (!types.includes(type)) throw new Problem('unsupported_media_type', `Send ${types.join(' or ')}.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('bad_request', 'The body is not UTF-8.');
  }
  const parsed = parseJson(text);
  if ('fault' in parsed) throw new Problem('bad_request', `The body cannot be read: ${parsed.fault}.`);
  if (!isObject(parsed.value)) throw new Problem('bad_request', 'The body is not a JSON object.');
  return parsed.value;
}

/** The body of an action: `{ input, reason, case_id }`, all of them optional. */
export async function readWish(c: Context) {
  return wishOf(await readObject(c, ['application/json']));
}

/** The same, and `preview: true`, which only tries. */
export async function readTry(c: Context) {
  const { preview = false, ...others } = await readObject(c, ['application/json']);
  if (typeof preview !== 'boolean') throw invalid([{ pointer: '#/preview', code: 'type', detail: 'must be boolean' }]);
  return { preview, wish: wishOf(others) };
}

function wishOf({ input = {}, reason, case_id, ...others }: Readonly<Record<string, unknown>>) {
  const errors: FieldError[] = Object.keys(others).map((key) => ({
    ...{ pointer: `#/${key.slice(0, 60)}`, code: 'unknown', detail: 'is not known here' },
  }));
  if (!isObject(input)) errors.push({ pointer: '#/input', code: 'type', detail: 'must be an object' });
  const texts = { reason: readText('reason', reason, 1000, errors), caseId: readText('case_id', case_id, 100, errors) };
  if (errors.length > 0) throw invalid(errors);
  return { ...texts, input: input as Readonly<Record<string, unknown>> }; // checked above
}

/** The most features of one request. */
export const mostFeatures = 500;

/** The body of an action on many features: the same, and `features: [{ id, version }]`; `preview: true` only tries. */
export async function readMany(c: Context) {
  const { features, preview = false, ...others } = await readObject(c, ['application/json']);
  const wish = wishOf(others);
  const isFeature = (each: unknown): each is { readonly id: number; readonly version: number } =>
    isObject(each) && Number.isSafeInteger(each.id) && Number.isSafeInteger(each.version);
  const errors: FieldError[] = [];
  if (typeof preview !== 'boolean') errors.push({ pointer: '#/preview', code: 'type', detail: 'must be boolean' });
  if (!Array.isArray(features) || !features.every(isFeature))
    errors.push({ pointer: '#/features', code: 'type', detail: 'must be a list of { id, version }' });
  else if (features.length === 0 || features.length > mostFeatures)
    errors.push({
      pointer: '#/features',
      code: 'max',
      detail: `from 1 to ${mostFeatures} features`,
      limit: mostFeatures,
    });
  if (errors.length > 0) throw invalid(errors);
  // A list, and all of them are features: checked above.
  return { ...wish, preview: preview === true, features: (features as unknown[]).filter(isFeature) };
}

function readText(key: string, value: unknown, most: number, errors: FieldError[]): string | undefined {
  if (value === undefined || value === null) return undefined;
  const pointer = `#/${key}`;
  if (typeof value !== 'string') errors.push({ pointer, code: 'type', detail: 'must be string' });
  else if (value.length > most)
    errors.push({ pointer, code: 'length', detail: `at most ${most} characters`, limit: most });
  else if (value.includes('\0') || !value.isWellFormed())
    errors.push({ pointer, code: 'text', detail: 'holds a character that no text can have' });
  else return value.trim() || undefined;
  return undefined;
}

/**
 * The version that an `If-Match` header names, undefined when there is none (or `*`, which would overwrite unseen). One
 * that names no version of ours matches nothing: 0.
 */
export function seenVersion(c: Context): number | undefined {
  const header = c.req.header('If-Match')?.trim();
  if (header === undefined || header === '*') return undefined;
  return Number(/^"(\d{1,9})"$/.exec(header)?.[1] ?? 0);
}
