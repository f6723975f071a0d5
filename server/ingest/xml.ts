import { XMLParser } from 'fast-xml-parser';
import { isObject, type JsonObject } from './import/row.ts';

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  maxNestedTags: 30,
  // Numeric references; of names only those of XML itself are ever written, and a DOCTYPE that could make others is refused.
  htmlEntities: true,
});

/**
 * Reads XML that somebody else wrote: elements by their local names, texts as texts, several of one name as a list.
 * Answers in words why not. Nothing outside the document is ever looked at, and a document with a DOCTYPE is refused.
 */
export function parseXml(bytes: Uint8Array): { readonly text: string; readonly root: JsonObject } | { fault: string } {
  const text = decodeXml(bytes);
  if (text === undefined) return { fault: 'its characters are not in the encoding it declares' };
  if (/<!DOCTYPE/i.test(text)) return { fault: 'has a DOCTYPE, which is not allowed' };
  try {
    const root: unknown = parser.parse(text, true);
    return isObject(root) ? { text, root } : { fault: 'is not XML' };
  } catch (error) {
    return { fault: `is not XML: ${error instanceof Error ? error.message : error}` };
  }
}

/** As text, UTF-8 unless the declaration, which is ASCII in all encodings allowed here, says otherwise; undefined when it is not. */
export function decodeXml(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^[^<]*<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']/i.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(declared, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The elements of a name, however many there are. */
export function elements(parent: JsonObject, name: string): unknown[] {
  const found = Object.hasOwn(parent, name) ? parent[name] : undefined;
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}

/** The text of the first element of a name; undefined when there is none, or it is empty or holds more than text. */
export function elementText(parent: JsonObject, name: string): string | undefined {
  const [first] = elements(parent, name);
  return typeof first === 'string' && first.trim() !== '' ? first.trim() : undefined;
}
