/** Levels of lists and objects that a message may have; a GeoJSON collection of points has five. */
const maxDepth = 32;

/**
 * Parses JSON that somebody else wrote, or answers in words why not. Nothing deeper than 32 levels reaches the parser, or
 * the database, which dies of it.
 */
export function parseJson(text: string): { readonly value: unknown } | { readonly fault: string } {
  if (isDeeperThan(text, maxDepth)) return { fault: `nested deeper than ${maxDepth} levels` };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: `not JSON: ${error instanceof Error ? error.message : error}` };
  }
}

function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22: // "
        i = endOfString(text, i);
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > limit) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth--;
    }
  }
  return false;
}

function endOfString(text: string, start: number): number {
  for (let i = text.indexOf('"', start + 1); i >= 0; i = text.indexOf('"', i + 1)) {
    let escapes = 0;
    while (text.charCodeAt(i - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return i;
  }
  return text.length;
}
