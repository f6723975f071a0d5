/**
 * A letter for each layer: the first of its title that no earlier layer took, else of the alphabet, else none.
 * Takes titles by layer in their order; the letters are lower case.
 */
export function goLetters(titles: readonly (readonly [id: string, title: string])[]): Map<string, string> {
  const letters = new Map<string, string>();
  for (const [id, title] of titles) {
    const wanted = `${title.toLowerCase()}abcdefghijklmnopqrstuvwxyz`;
    const letter = [...wanted].find((candidate) => /[a-z]/.test(candidate) && !letters.has(candidate));
    if (letter !== undefined) letters.set(letter, id);
  }
  return letters;
}
