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

  /** Throws `too_many` when there is no room for one more. */
  admit({ kind, id }: Holder): void {
    const most = this.#most[kind];
    if (this.#of(`${kind} ${id}`) >= most)
      throw new Problem('too_many', `At most ${most} event streams may be open for one ${kind}: close another page.`);
  }

  /** Counts a response until it closes; throws as `admit`. */
  enter(holder: Holder, response: ServerResponse): void {
    this.admit(holder);
    const key = `${holder.kind} ${holder.id}`;
    this.#open.set(key, this.#of(key) + 1);
    response.once('close', () => {
      const left = this.#of(key) - 1;
      if (left > 0) this.#open.set(key, left);
      else this.#open.delete(key);
    });
  }

  #of(key: string): number {
    return this.#open.get(key) ?? 0;
  }
}
