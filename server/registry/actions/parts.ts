/** A feature that a split made, or that taking it back removed: at this version. */
export interface Part {
  readonly id: number;
  readonly version: number;
}

/**
 * Keys in `before` and `after` of audit entries that are no attributes (no attribute can be called so) but tie together
 * the entries of one act on several features: in the one of the feature that is divided, the others that it has; in theirs,
 * the number of that entry.
 */
export const partsKey = '#parts';
export const partOfKey = '#part_of';

interface Linked {
  readonly values: Readonly<Record<string, unknown>>;
  readonly parts: readonly Part[];
  readonly partOf: number | null;
}

/** `before` or `after` of an audit entry: the values, and what ties it to others. */
export function linksOf({
  [partsKey]: parts,
  [partOfKey]: partOf,
  ...values
}: Readonly<Record<string, unknown>>): Linked {
  // Written by `write` and `split`.
  return { values, parts: (parts ?? []) as readonly Part[], partOf: typeof partOf === 'number' ? partOf : null };
}
