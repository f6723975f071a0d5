import { Problem } from '../../registry/problem.ts';
import { decoded, type Encoding } from './text_file.ts';

/**
 * A piece of a JSON file as text not yet parsed: an element of the root array or of the root's `features`,
 * or the other members of a root object, given when it ends.
 */
export type JsonItem =
  | { readonly kind: 'element'; readonly text: string }
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, text: string])[] };

/**
 * Reads JSON of any size piece by piece; several values after another (JSON lines, RFC 8142 sequences) are read too.
 * A piece is only balanced here, not checked: a broken one is the caller's to reject.
 * @throws Problem `invalid_input` when the file is not JSON or ends in the middle.
 */
export async function* jsonItems(path: string, encoding: Encoding): AsyncGenerator<JsonItem> {
  const cursor = new Cursor(decoded(path, encoding));
  for (let first = await cursor.peek(); first !== ''; first = await cursor.peek()) {
    if (first === '[') {
      yield* elements(cursor);
    } else if (first === '{') {
      yield* members(cursor);
    } else {
      yield { kind: 'element', text: await cursor.value() };
    }
  }
}

async function* elements(cursor: Cursor): AsyncGenerator<JsonItem> {
  await cursor.take('[');
  if ((await cursor.peek()) === ']') return cursor.take(']');
  yield { kind: 'element', text: await cursor.value() };
  while ((await cursor.peek()) === ',') {
    await cursor.take(',');
    yield { kind: 'element', text: await cursor.value() };
  }
  await cursor.take(']');
}

async function* members(cursor: Cursor): AsyncGenerator<JsonItem> {
  const found: [string, string][] = [];
  await cursor.take('{');
  while ((await cursor.peek()) !== '}') {
    if (found.length > 0) await cursor.take(',');
    if ((await cursor.peek()) !== '"') throw cursor.broken();
    const key: string = JSON.parse(await cursor.value());
    await cursor.take(':');
    if (key === 'features' && (await cursor.peek()) === '[') {
      yield* elements(cursor);
      found.push([key, '[]']);
    } else {
      found.push([key, await cursor.value()]);
    }
  }
  await cursor.take('}');
  yield { kind: 'object', members: found };
}

/** A place in a text that is read as it is needed. */
class Cursor {
  readonly #chunks: AsyncIterator<string>;
  #text = '';
  #at = 0;
  /** Characters before `#text`. */
  #passed = 0;

  constructor(chunks: AsyncIterator<string>) {
    this.#chunks = chunks;
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    this.#text = this.#text.slice(this.#at) + value;
    this.#passed += this.#at;
    this.#at = 0;
    return true;
  }

  /** The next character that means something, not taken; empty at the end of the file. */
  async peek(): Promise<string> {
    do {
      while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
      if (this.#at < this.#text.length) return this.#text.charAt(this.#at);
    } while (await this.#more());
    return '';
  }

  async take(expected: string): Promise<void> {
    if ((await this.peek()) !== expected) throw this.broken();
    this.#at++;
  }

  /** Takes one value of any kind; gives its text. */
  async value(): Promise<string> {
    const first = await this.peek();
    if (!/["{[\-\dtfn]/.test(first)) throw this.broken();
    let scan = { at: 0, depth: 0, inString: false, ended: false };
    for (;;) {
      scan = scanValue(this.#text, this.#at, scan);
      if (scan.ended || !(await this.#more())) break;
    }
    const text = this.#text.slice(this.#at, this.#at + scan.at);
    this.#at += scan.at;
    if (!scan.ended && (scan.depth > 0 || scan.inString)) throw this.broken();
    return text;
  }

  broken(): Problem {
    if (this.#at >= this.#text.length)
      return new Problem('invalid_input', 'The file ends in the middle: it was cut off.');
    const near = this.#text.slice(this.#at, this.#at + 20).replace(/\s+/g, ' ');
    return new Problem('invalid_input', `The file is not JSON: "${near}" at character ${this.#passed + this.#at + 1}.`);
  }
}

interface Scan {
  /** Characters of the value passed so far. */
  readonly at: number;
  readonly depth: number;
  readonly inString: boolean;
  readonly ended: boolean;
}

/** Follows a value from where the last scan stopped, to its end or the end of the text. */
function scanValue(text: string, start: number, { at, depth, inString }: Scan): Scan {
  let i = start + at;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) {
        // An escape cut in two by the end of the text is looked at again with what follows.
        if (i + 1 >= text.length) return { at: i - start, depth, inString, ended: false };
        i++;
      } else if (c === 0x22) {
        inString = false;
        if (depth === 0) return { at: i + 1 - start, depth, inString, ended: true };
      }
    } else if (c === 0x22) {
      inString = true;
    } else if (c === 0x7b || c === 0x5b) {
      depth++;
    } else if (c === 0x7d || c === 0x5d) {
      if (depth === 0) return { at: i - start, depth, inString, ended: true };
      depth--;
      if (depth === 0) return { at: i + 1 - start, depth, inString, ended: true };
    } else if (depth === 0 && (c === 0x2c || isSpace(c))) {
      return { at: i - start, depth, inString, ended: true };
    }
  }
  return { at: i - start, depth, inString, ended: false };
}

/** White space, a byte-order mark, or the record separator of RFC 8142. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0xfeff || code === 0x1e;
}
