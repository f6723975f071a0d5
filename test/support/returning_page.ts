import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Change } from '../../server/database/change_log.ts';
import type { Connection } from '../../server/database/connect.ts';
import { type Heard, type Listener, listen, type Picture } from './events.ts';

/** A page that comes back whenever its stream ends, from where it was. */
export interface ReturningPage {
  readonly heard: readonly Heard[];
  /** How often its stream ended. */
  readonly cuts: () => number;
  /** Ends the page when an event of its stream satisfies. */
  readonly end: (isLast: (event: Heard) => boolean) => Promise<void>;
}

/** Opens a page on an event stream, from a position on. */
export function returningPage(stream: string, from: string): ReturningPage {
  const heard: Heard[] = [];
  let isOver = false;
  let cuts = 0;
  let current: Listener | undefined;
  const done = (async () => {
    let position = from;
    while (!isOver) {
      const listener = await listen(stream, { 'Last-Event-ID': position }).catch(() => undefined);
      if (listener?.status === 200) {
        current = listener;
        await listener.ended;
        current = undefined;
        heard.push(...listener.heard);
        position = listener.lastId() || position;
        cuts++;
      }
      if (!isOver) await wait(50);
    }
  })();
  return {
    heard,
    cuts: () => cuts,
    async end(isLast) {
      while (!current?.heard.some(isLast)) await wait(20);
      isOver = true;
      current.close();
      await done;
    },
  };
}

type Logged = Pick<Change, 'seq' | 'layer' | 'op' | 'ids'>;

/** What the change log says of a layer, in its order. */
export async function loggedOf({ db }: Connection, layer: string): Promise<readonly Logged[]> {
  const { rows } = await sql<Logged>`
    select seq, layer, op, ids from change where layer = ${layer} and seq is not null order by seq`.execute(db);
  return rows;
}

/**
 * Nothing was told twice or out of order, by its position, and nobody had to start over; from one position to the next
 * was told what the change log says, no feature more and none less; and it brings the picture of the layer at the
 * beginning to what it is at the end.
 */
export function expectWhole(
  heard: readonly Heard[],
  { logged, first, last }: { readonly logged: readonly Logged[]; readonly first: Picture; readonly last: Picture },
): void {
  const { layer } = logged[0]!;
  expect(heard.map(({ event }) => event)).not.toContain('resync');
  const numbers = heard.filter(({ event, id }) => event === 'change' && id).map(({ id }) => seqOf(id!));
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));

  let position = first.seq;
  let told = new Set<number>();
  for (const { event, id, data } of heard) {
    if (event === 'change') for (const feature of data.features) told.add(feature.id);
    if (id === undefined) continue; // a part of more to come
    const changes = logged.filter(({ seq }) => seq > position && seq <= seqOf(id));
    const of = (op: string) => new Set(changes.flatMap((change) => (change.op === op ? change.ids : [])));
    const [inserted, deleted] = [of('insert'), of('delete')];
    // What came and went is told only where somebody may have seen it.
    const due = changes.flatMap(({ ids }) => ids).filter((each) => !(inserted.has(each) && deleted.has(each)));
    const ids = [...told].filter((each) => !(inserted.has(each) && deleted.has(each)));
    expect(ids.toSorted((a, b) => a - b)).toEqual([...new Set(due)].toSorted((a, b) => a - b));
    for (const id of told) expect(changes.some((change) => change.ids.includes(id))).toBe(true);
    position = Math.max(position, seqOf(id));
    told = new Set();
  }
  const mine = first.copy();
  mine.apply(layer, heard);
  expect(mine.sorted()).toEqual(last.sorted());
}

const seqOf = (position: string) => Number(position.split(':')[1]);
