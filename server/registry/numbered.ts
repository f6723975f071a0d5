import { Problem } from './problem.ts';

/** The number that a path names a feature, an entry or an act by. Throws `not_found`: nothing has another name. */
export function numbered(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text))
    throw new Problem('not_found', `There is none with the number '${text?.slice(0, 60)}': numbers are whole.`);
  return Number(text);
}
