import { Problem } from '../problem.ts';

/**
 * Where a page begins: behind the feature with this id, or ahead of it, going back. Ids only grow and never come again,
 * so that pages hold while rows come and go: none twice, none left out that was there all the time.
 */
export interface Cursor {
  readonly direction: 'after' | 'before';
  readonly id: number;
  /** Where features are ordered by a property: that feature's, as the database writes it. */
  readonly value?: string | null;
}

/** A hundred letters of four bytes each, escaped. */
const longest = 1_000;

/** The cursor as the `cursor` parameter of a link; callers should not read it. */
export function cursorText({ direction, id, value }: Cursor): string {
  const ordered = value === undefined ? '' : `:${JSON.stringify(value)}`;
  return Buffer.from(`${direction}:${id}${ordered}`).toString('base64url');
}

/** Throws `bad_request` for a text that no link had; `sorted`: of features that are ordered by a property. */
export function cursorOf(text: string, sorted: boolean): Cursor {
  const [, direction, id, ordered] =
    /^(after|before):(\d{1,15})(?::(null|".*"))?$/.exec(Buffer.from(text.slice(0, longest), 'base64url').toString()) ??
    [];
  if ((direction !== 'after' && direction !== 'before') || id === undefined || (ordered !== undefined) !== sorted)
    throw notOurs();
  return { direction, id: Number(id), ...(ordered !== undefined && { value: readValue(ordered) }) };
}

function readValue(ordered: string): string | null {
  try {
    const value: unknown = JSON.parse(ordered);
    if (value === null || (typeof value === 'string' && !value.includes('\0'))) return value;
  } catch {
    // Nobody's link, as below.
  }
  throw notOurs();
}

/** What is said of a cursor that no link had. */
export function notOurs(): Problem {
  return new Problem('bad_request', "'cursor' is taken from the 'next' and 'prev' links of an answer, unchanged.");
}
