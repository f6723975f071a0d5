import { fate } from '../fate.ts';
import type { Thing } from './city.ts';

/** Things that are due at a time on the wall (milliseconds). */
export type Pacer = (wall: number) => ReadonlySet<string>;

/**
 * Each thing every `seconds`, at moments of its own so that the server is never asked for all at once. The first time
 * within `withinSeconds`, because nobody knows how long the things were not heard.
 */
export function pacer(
  things: readonly Thing[],
  { seconds, withinSeconds }: { seconds: (thing: Thing) => number; withinSeconds: number },
): Pacer {
  const next = new Map<string, number>();
  return (wall) => {
    const due = new Set<string>();
    for (const thing of things) {
      const interval = seconds(thing) * 1000;
      const at = next.get(thing.code) ?? wall + fate(thing.code, 'pace') * Math.min(interval, withinSeconds * 1000);
      if (at > wall) {
        next.set(thing.code, at);
        continue;
      }
      due.add(thing.code);
      next.set(thing.code, Math.max(at + interval, wall));
    }
    return due;
  };
}
