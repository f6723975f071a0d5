import type { Context } from 'hono';
import type { z } from 'zod';
import { atMost, readObject } from '../registry/actions/body.ts';
import { type FieldError, fieldError, invalid } from '../registry/actions/input.ts';

/** Forms are small. */
export const smallBody = atMost(64 * 1024);

/** The fields of a JSON body. Throws `unsupported_media_type`, `bad_request`, `invalid_input` with all errors. */
export async function formOf<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  return checked(await readObject(c, ['application/json']), schema);
}

/** A form as its schema has it. Throws `invalid_input` with all errors, each with a JSON Pointer into the form. */
export function checked<T>(form: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(form);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.flatMap((issue) => errorsOf(form, issue)));
}

function errorsOf(form: object, issue: z.core.$ZodIssue): FieldError[] {
  const pointer = pointerOf(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      ...{ pointer: pointerOf([...issue.path, key.slice(0, 60)]), code: 'unknown', detail: 'is not known here' },
    }));
  // A blank text and an empty list count as none.
  const isMissing = (issue.code === 'too_small' && issue.minimum === 1) || !isGiven(form, issue.path);
  return [isMissing ? { pointer, code: 'required', detail: 'must be given' } : fieldError(pointer, issue)];
}

/** RFC 6901, as a URI fragment. */
function pointerOf(path: readonly PropertyKey[]): string {
  return `#${path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}

function isGiven(form: object, path: readonly PropertyKey[]): boolean {
  let value: unknown = form;
  for (const key of path) value = Object(value)[key];
  return value !== undefined && value !== null;
}
