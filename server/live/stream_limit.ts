import type { ServerResponse } from 'node:http';
import { Problem } from '../registry/problem.ts';

/** Who holds a stream open: a person or machine that signed in, else the address it comes from. */
export interface Holder {
  readonly kind: 'account' | 'address';
  readonly id: string;
}

/** Keeps one holder from taking all the room: counts the open responses of each. */
export class StreamLimit {
  readonly #most: Readonly<Record<Holder['kind'], number>>;
  readonly #open = new Map<string, number>();

  constructor(most: Readonly<Record<Holder['kind'], number>>) {
    this.#most = most;
  }

  /** Counts a response until it closes; throws `too_many`. */
  enter({ kind, id }: Holder, response: ServerResponse): void {
    const key = `${kind} ${id}`;
    const open = this.#open.get(key) ?? 0;
    const most = this.#most[kind];
    if (open >= most)
      throw new Problem('too_many', `At most ${most} event streams may be open for one ${kind}: close another page.`);
    this.#open.set(key, open + 1);
    response.once('close', () => {
      const left = this.#open.get(key)! - 1;
      if (left > 0) this.#open.set(key, left);
      else this.#open.delete(key);
    });
  }
}
