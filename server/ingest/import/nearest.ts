/** The known word that is fewest letters away from what was typed, if it is near at all. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const [best] = known.map((word) => ({ word, far: distance(typed, word) })).toSorted((a, b) => a.far - b.far);
  return best && best.far <= Math.max(2, best.word.length / 3) ? best.word : undefined;
}

/** Levenshtein distance: insertions, deletions and replacements between two words. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = row;
  }
  return before[b.length] ?? 0;
}
