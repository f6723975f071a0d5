import type { Logger } from 'pino';
import { type Change, changesSince, type Position } from '../database/change_log.ts';
import type { Connection } from '../database/connect.ts';
import { transaction } from '../database/transaction.ts';

/** Who missed more than this starts over: that is less work for both sides. */
const maxChanges = 5_000;
const maxRows = 50_000;

/**
 * The last part of the change log in memory, so that five hundred clients that come back at once read the database once:
 * the first who asks for older changes makes it longer for all.
 */
export class ChangeTail {
  readonly #connection: Connection;
  readonly #log: Logger;
  #changes: Change[] = [];
  #rows = 0;
  /** Every change after this number, up to the newest taken in, is here. */
  #start: number;
  #epoch: string;
  /** The newest number taken in. */
  #end: number;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection, log: Logger, { epoch, seq }: Position) {
    this.#connection = connection;
    this.#log = log;
    this.#epoch = epoch;
    this.#start = this.#end = seq;
  }

  /** Takes in what the live copy took in. */
  add(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#changes.push(change);
      this.#rows += change.ids.length;
      this.#end = change.seq;
    }
    let dropped = 0;
    while (this.#changes.length - dropped > maxChanges || this.#rows > maxRows) {
      const { seq, ids } = this.#changes[dropped++]!;
      this.#rows -= ids.length;
      this.#start = seq;
    }
    if (dropped > 0) this.#changes.splice(0, dropped);
  }

  /** The changes after `seq`; undefined when they are not all here. */
  since(seq: number): readonly Change[] | undefined {
    if (seq < this.#start) return undefined;
    const first = this.#changes.findIndex((change) => change.seq > seq);
    return first < 0 ? [] : this.#changes.slice(first);
  }

  /**
   * Whether a position is one of this log. One that lies before the tail makes it reach back, if the log does and it is
   * not too much; then `since` has an answer.
   */
  async knows(position: Position): Promise<boolean> {
    if (position.epoch !== this.#epoch) return false;
    try {
      // Heard from a process that is ahead of this one, or never given.
      if (position.seq > this.#end) return (await this.#read(position, 1)) !== undefined;
      const mine = this.#turn.then(() => this.#reach(position));
      this.#turn = mine.catch(() => {}); // told below; the next one has its turn all the same
      await mine;
      return true;
    } catch (error) {
      // To start over takes no database; to be refused would leave a map without events.
      this.#log.warn({ err: error }, 'the change log cannot be read; a client starts over');
      return false;
    }
  }

  #read(position: Position, limit: number): Promise<Change[] | undefined> {
    return transaction(this.#connection.db, (trx) => changesSince(trx, position, limit), {
      isolation: 'repeatable read',
    });
  }

  async #reach(position: Position): Promise<void> {
    const start = this.#start;
    if (position.seq >= start) return;
    const found = await this.#read(position, maxChanges + 1);
    // Where the tail was cut meanwhile, what was read may end before it begins now.
    if (!found || found.length > maxChanges || this.#start !== start) return;
    const older = found.filter(({ seq }) => seq <= this.#start);
    const rows = older.reduce((sum, { ids }) => sum + ids.length, 0);
    if (older.length + this.#changes.length > maxChanges || rows + this.#rows > maxRows) return;
    this.#changes = [...older, ...this.#changes];
    this.#rows += rows;
    this.#start = position.seq;
  }
}
