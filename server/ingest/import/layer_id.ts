/** Words that mean something else where a layer is named: `npm run import -- new`, and the tables of an import itself. */
export const reservedIds: readonly string[] = ['new', 'import_row', 'import_match'];

/** Whether a layer that is made from a file may be called so: words of a–z, joined by single underscores. */
export function isLayerId(id: string): boolean {
  return /^[a-z]+(_[a-z]+)*$/.test(id) && id.length <= 48 && !reservedIds.includes(id);
}
