import { DatabaseError, sqlState } from './database_error.ts';
import type { Session } from './session.ts';
import { transactionScope } from './transaction.ts';

interface Waiter {
  readonly inTransaction: boolean;
  readonly give: (session: Session) => void;
  readonly refuse: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** Longest wait for a free session, in milliseconds. Nobody waits for ever. */
const waitLimitMs = 30_000;

/** Sessions that are lent to transactions only, of a pool that has many. */
const keptSessions = 2;

/**
 * At most `size` sessions, opened on demand; a broken one is replaced. Statements by themselves are questions,
 * transactions write and follow the change log: slow questions must not hold those up. So some sessions are kept for
 * transactions, and where both wait they take turns; among their own kind each has the order asked for.
 */
export class SessionPool {
  readonly #open: () => Promise<Session>;
  readonly #size: number;
  readonly #idle: Session[] = [];
  readonly #transactions: Waiter[] = [];
  readonly #questions: Waiter[] = [];
  /** Lent to statements by themselves, and how many that may be. */
  readonly #singles = new Set<Session>();
  readonly #maxSingles: number;
  #lastInTransaction = false;
  /** Sessions being opened, lent, idle or ending: an embedded one must be wholly gone before its successor starts. */
  #count = 0;
  #opening = 0;
  #closed: { done: () => void } | undefined;

  /** `first` is open already: how long that took nobody has waited for here. */
  constructor(open: () => Promise<Session>, size: number, first?: Session) {
    this.#open = open;
    this.#size = size;
    if (first) this.#count = this.#idle.push(first);
    this.#maxSingles = size > keptSessions ? size - keptSessions : size;
  }

  /** @throws DatabaseError 55P03 after 30 s without a free session; whatever opening a session throws. */
  acquire(): Promise<Session> {
    if (this.#closed) return Promise.reject(new DatabaseError(sqlState.connectionLost, 'the database is closed'));
    const scope = transactionScope.getStore();
    if (scope?.inside && scope.pool === this) {
      return Promise.reject(new Error('the outer database handle was used inside transaction(): use the one it gives'));
    }
    if (scope) scope.pool ??= this;
    const waiting = scope ? this.#transactions : this.#questions;
    return new Promise((give, refuse) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(waiter), 1);
        const seconds = waitLimitMs / 1000;
        refuse(new DatabaseError(sqlState.waitedTooLong, `no database session became free within ${seconds} s`));
      }, waitLimitMs);
      const waiter = { give, refuse, timer, inTransaction: scope !== undefined };
      waiting.push(waiter);
      this.#serve();
    });
  }

  /** Takes a session back. */
  async release(session: Session): Promise<void> {
    this.#singles.delete(session);
    if (session.alive && !session.worn) this.#idle.push(session);
    else await this.#discard(session);
    this.#serve();
  }

  /** Replaces the sessions that nobody has at the moment: there may be nobody at their other end. */
  renew(): void {
    for (const session of this.#idle.splice(0)) void this.#discard(session).then(() => this.#serve());
  }

  /** Refuses who waits, waits for who works, ends all sessions. */
  async close(): Promise<void> {
    const drained = new Promise<void>((done) => {
      this.#closed = { done };
    });
    for (const waiter of [...this.#transactions.splice(0), ...this.#questions.splice(0)]) {
      clearTimeout(waiter.timer);
      waiter.refuse(new DatabaseError(sqlState.connectionLost, 'the database is closed'));
    }
    this.#serve();
    await drained;
  }

  #serve(): void {
    while (this.#idle.length > 0 && (this.#servable > 0 || this.#closed)) {
      const session = this.#idle.pop()!;
      const waiter = session.alive && !this.#closed ? this.#next() : undefined;
      if (waiter) {
        if (!waiter.inTransaction) this.#singles.add(session);
        settle(waiter, () => waiter.give(session));
      } else void this.#discard(session).then(() => this.#serve());
    }
    const wanted = Math.min(this.#size - this.#count, this.#servable - this.#opening);
    for (let n = 0; n < wanted; n++) void this.#openOne();
    if (this.#closed && this.#count === 0) this.#closed.done();
  }

  /** Waiters that a free session could be lent to now. */
  get #servable(): number {
    return this.#transactions.length + Math.min(this.#questions.length, this.#maxSingles - this.#singles.size);
  }

  /** Takes the waiter whose turn it is. */
  #next(): Waiter | undefined {
    const mayAsk = this.#singles.size < this.#maxSingles && this.#questions.length > 0;
    this.#lastInTransaction = this.#transactions.length > 0 && !(mayAsk && this.#lastInTransaction);
    if (this.#lastInTransaction) return this.#transactions.shift();
    return mayAsk ? this.#questions.shift() : undefined;
  }

  async #openOne(): Promise<void> {
    this.#count++;
    this.#opening++;
    try {
      this.#idle.push(await this.#open());
      this.#opening--;
    } catch (error) {
      this.#opening--;
      this.#count--;
      const waiter = this.#next();
      if (waiter) settle(waiter, () => waiter.refuse(error));
    }
    this.#serve();
  }

  async #discard(session: Session): Promise<void> {
    await session.end();
    this.#count--;
  }
}

function settle(waiter: Waiter, how: () => void): void {
  clearTimeout(waiter.timer);
  how();
}
