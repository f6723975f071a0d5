import { inspect } from 'node:util';

/** What the console shows of a value: a text as it is, an error with its trace. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}
