import { createReadStream } from 'node:fs';
import { Problem } from '../../registry/problem.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** The encoding that a text's byte-order mark names, whatever follows; undefined without one. */
export function markedEncoding(bytes: Uint8Array): Encoding | undefined {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined;
}

/**
 * The encoding of a text: UTF-8, or UTF-16 where its mark says so; what is neither is taken for Windows-1252, which office
 * programs write.
 * @throws Problem `invalid_input` when most letters are UTF-8 and some are not: read in another way, most would be wrong.
 */
export async function encodingOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Encoding> {
  let decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  let isFirst = true;
  let letters = 0;
  let broken = 0;
  const look = (decode: () => string) => {
    for (const letter of tolerantly(decode).replace(ascii, '')) letter === '\ufffd' ? broken++ : letters++;
  };
  const tolerantly = (decode: () => string) => {
    try {
      return decode();
    } catch {
      isUtf8 = false;
      decoder = new TextDecoder('utf-8');
      return decode();
    }
  };
  for await (const chunk of chunks) {
    const marked = isFirst ? markedEncoding(chunk) : undefined;
    if (marked?.startsWith('utf-16')) return marked;
    isFirst = false;
    look(() => decoder.decode(chunk, { stream: true }));
  }
  look(() => decoder.decode());
  if (isUtf8) return 'utf-8';
  if (letters > broken)
    throw new Problem(
      'invalid_input',
      'The text is UTF-8, but some of its letters are broken: save it again as UTF-8.',
    );
  return 'windows-1252';
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all that is one byte in every encoding
const ascii = /[\x00-\x7f]+/g;
const chunkBytes = 1 << 20;

/** The text of a file, piece by piece, without its mark. @throws Problem `invalid_input` when it is not in `encoding`. */
export async function* decoded(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }))
      yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new Problem('invalid_input', `The text is not ${encoding}.`) : error;
  }
}
