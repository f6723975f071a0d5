/** A seeded source of chance: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  /** A whole number, both ends included. */
  readonly integer: (from: number, to: number) => number;
  /** Normally distributed. */
  readonly normal: (mean: number, deviation: number) => number;
  /** One element, each as likely; throws on an empty list. */
  readonly pick: <T>(list: readonly T[]) => T;
  /** One key, as likely as its weight. */
  readonly weighted: <K extends string>(weights: Readonly<Record<K, number>>) => K;
  /** True with this probability. */
  readonly chance: (probability: number) => boolean;
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand; public domain), started from a text: every layer takes its own stream, so that
 * a change to one layer's generator leaves the others as they were.
 */
export function random(seed: string): Random {
  const hash = fnv1a(seed);
  let [a, b, c, counter] = [hash(), hash(), hash(), 1];
  const next = () => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    integer,
    normal: (mean, deviation) =>
      mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[integer(0, list.length - 1)]!;
    },
    weighted: (weights) => {
      const keys = Object.keys(weights) as (keyof typeof weights)[]; // a literal record has no keys but its own
      let rest = next() * keys.reduce((sum, key) => sum + weights[key], 0);
      for (const key of keys) {
        rest -= weights[key];
        if (rest < 0) return key;
      }
      return keys.at(-1)!;
    },
    chance: (probability) => next() < probability,
  };
}

/** The weights of a table of kinds, for `weighted`. */
export function weightsOf<K extends string>(
  kinds: Readonly<Record<K, { readonly weight: number }>>,
): Readonly<Record<K, number>> {
  const entries = Object.entries<{ readonly weight: number }>(kinds).map(([kind, { weight }]) => [kind, weight]);
  return Object.fromEntries(entries) as Record<K, number>; // the keys are those of the table
}

/** FNV-1a, 32 bits; each call hashes on, so one text gives as many words as are wanted. */
function fnv1a(text: string): () => number {
  let hash = 0x811c9dc5;
  const mix = (byte: number) => {
    hash = Math.imul(hash ^ byte, 0x01000193);
  };
  for (let index = 0; index < text.length; index++) mix(text.charCodeAt(index));
  return () => {
    mix(0x9e);
    return hash | 0;
  };
}
