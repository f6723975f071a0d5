import { quoted, refuse } from './expression.ts';

/** A piece of CQL2 text. `text` is the meaning (a string without its quotes), `start` the place of its first character. */
export interface Token {
  readonly kind: 'word' | 'quoted_name' | 'string' | 'number' | 'symbol' | 'end';
  readonly text: string;
  readonly start: number;
}

// Sticky expressions without nested repetition: each takes time linear in what it matches.
const patterns = {
  space: /[\s]+/y,
  // identifierStart and identifierPart of OGC 21-065r2, Annex A; the ranges of letters as Unicode knows them today.
  word: /[\p{L}_:][\p{L}\p{M}\p{N}_:.]*/uy,
  number: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y,
  // escapeQuote = "''" / "\'"
  string: /'((?:[^'\\]|''|\\'|\\(?!'))*)'/y,
  quoted_name: /"((?:[^"]|"")*)"/y,
  symbol: /<>|<=|>=|!=|==|\|\||[=<>(),+\-*/%^;]/y,
} as const;

/** Cuts CQL2 text into tokens, the last of them `end`; throws `bad_filter` at the first character that fits nowhere. */
export function tokens(source: string): Token[] {
  const found: Token[] = [];
  let start = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = start;
    return pattern.exec(source);
  };
  while (start < source.length) {
    const space = match(patterns.space);
    if (space) {
      start += space[0].length;
      continue;
    }
    const first = source[start]!;
    const kind = first === "'" ? 'string' : first === '"' ? 'quoted_name' : kindOf(first);
    const hit = match(patterns[kind]);
    if (!hit) throw refuse(place(start), unreadable(kind, source, start));
    const text =
      kind === 'string'
        ? hit[1]!.replace(/''|\\'/g, "'")
        : kind === 'quoted_name'
          ? hit[1]!.replaceAll('""', '"')
          : hit[0];
    found.push({ kind, text, start });
    start += hit[0].length;
  }
  found.push({ kind: 'end', text: '', start });
  return found;
}

/** `character 12`, counted from 1. */
export function place(start: number): string {
  return `character ${start + 1}`;
}

function kindOf(first: string): 'number' | 'symbol' | 'word' {
  if (/[\d.]/.test(first)) return 'number';
  return /[=<>(),+\-*/%^;!|]/.test(first) ? 'symbol' : 'word';
}

function unreadable(kind: Token['kind'], source: string, start: number): string {
  if (kind === 'string') return "The text that begins here has no closing '";
  if (kind === 'quoted_name') return 'The name that begins here has no closing "';
  return `${quoted(String.fromCodePoint(source.codePointAt(start)!))} means nothing in CQL2`;
}
