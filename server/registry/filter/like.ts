/** Orders texts by code point, as collation "C" does in a UTF-8 database: JavaScript's own `<` orders by UTF-16 unit. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates (beyond U+FFFF) sort after every other unit; among themselves their units are in order.
    const xHigh = x >= 0xd800 && x <= 0xdfff;
    const yHigh = y >= 0xd800 && y <= 0xdfff;
    return xHigh === yHigh ? x - y : xHigh ? 1 : -1;
  }
  return a.length - b.length;
}

/** A–Z as a–z and nothing else: what `lower(… collate "C")` does on every database, whatever its locale. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether a LIKE pattern ends in an escape with nothing to escape, which SQL refuses. */
export function endsInEscape(pattern: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(pattern);
}

const any = -1;
const one = -2;

/**
 * The test of a LIKE pattern: `%` any text, `_` any one character (code point), `\` takes the next as itself.
 * Takes at most length × pattern steps: a regular expression would take time exponential in the number of `%`.
 */
export function likeTest(pattern: string): (text: string) => boolean {
  const parts = compile(pattern);
  return (text) => {
    const characters = Array.from(text, (character) => character.codePointAt(0)!);
    let i = 0;
    let p = 0;
    let retryAt = -1;
    let retryPart = -1;
    while (i < characters.length) {
      const part = parts[p];
      if (part === any) {
        retryPart = p++;
        retryAt = i;
      } else if (part !== undefined && (part === one || part === characters[i])) {
        i++;
        p++;
      } else if (retryPart >= 0) {
        p = retryPart + 1;
        i = ++retryAt;
      } else {
        return false;
      }
    }
    while (parts[p] === any) p++;
    return p === parts.length;
  };
}

function compile(pattern: string): number[] {
  const parts: number[] = [];
  let escaped = false;
  for (const character of pattern) {
    if (escaped || (character !== '\\' && character !== '%' && character !== '_')) {
      parts.push(character.codePointAt(0)!);
      escaped = false;
    } else if (character === '\\') {
      escaped = true;
    } else {
      parts.push(character === '%' ? any : one);
    }
  }
  return parts;
}
