import type { Reading } from '../registry/slope.ts';
import type { Known } from './write_rows.ts';

/** What is known of the last steps of a thing's series. */
export interface Window {
  /** First readings of steps, oldest first: that they are there stays true; that they are all only with the next two. */
  readonly readings: readonly Reading[];
  /** The row's `observed_at`, as we left it, and the layer's count of late readings. */
  end: number;
  readonly late: number;
}

/** What this process remembers of a layer, from what it committed; to forget it is always safe. */
export interface Memory {
  /** By code, without values. */
  readonly rows: Map<string, Known>;
  /** By the row's id. */
  readonly windows: Map<number, Window>;
  /** The layer's count of late readings, when it was last asked for. */
  late: number | undefined;
  /** Groups that were outdated one after the other, and those that will not be tried from memory for it. */
  outdated: number;
  pause: number;
}

/** What a transaction under way learns. */
export interface Seen {
  readonly committed: Memory;
  readonly rows: Map<string, Known>;
  readonly windows: Map<number, Window>;
  /** Windows of which only the end moved. */
  readonly moved: Map<Window, number>;
  late: number | undefined;
}

/** At most so many things are remembered of a layer. */
const remembered = 100_000;
const longestPause = 64;

export function emptyMemory(): Memory {
  return { rows: new Map(), windows: new Map(), late: undefined, outdated: 0, pause: 0 };
}

/** What is known at the beginning of a transaction. */
export function seenBefore(committed: Memory = emptyMemory()): Seen {
  return { committed, rows: new Map(), windows: new Map(), moved: new Map(), late: undefined };
}

/** Keeps what a transaction has seen, now that it is committed. */
export function remember({ committed, rows, windows, moved, late }: Seen): void {
  for (const [window, end] of moved) window.end = end;
  add(committed.rows, rows);
  add(committed.windows, windows);
  committed.late = late ?? committed.late;
}

function add<K, V>(to: Map<K, V>, from: ReadonlyMap<K, V>): void {
  if (to.size + from.size > remembered) to.clear();
  for (const [key, value] of from) to.set(key, value);
}

/** Whether the next group is worth a try from memory: where others write the same things it seldom is. */
export function mayTry(memory: Memory): boolean {
  if (memory.pause === 0) return true;
  memory.pause--;
  return false;
}

/** Notes how a try went. */
export function tried(memory: Memory, wasSo: boolean): void {
  memory.outdated = wasSo ? 0 : memory.outdated + 1;
  memory.pause = wasSo ? 0 : Math.min(2 ** memory.outdated, longestPause);
}
