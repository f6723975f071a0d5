import { cancelScope } from './cancel_scope.ts';
import type { Connection } from './connect.ts';
import { DatabaseError, sqlState } from './database_error.ts';

/** Heavy reads under way at once: half of the sessions that questions may have, so that light ones find one free. */
const atOnce = { server: 4, embedded: 1 } as const;
/** Longest wait for one's turn, in milliseconds: who waits longer had better come back later. */
const waitLimitMs = 5_000;

interface Gate {
  underWay: number;
  /** Those who wait, in their order: each lets itself in. */
  readonly waiting: Set<() => void>;
}

const gates = new WeakMap<Connection, Gate>();

/**
 * Runs a question that may take seconds, such as one with a filter of the caller's own. Only a few of them have a
 * session at a time; the others wait in their order. `signal` is of who waits for the answer: when he is gone nobody
 * works on for him.
 * @throws DatabaseError 55P03 after 5 s without a turn, 57014 when `signal` is aborted; whatever `run` throws
 */
export async function heavyRead<T>(connection: Connection, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const gate = gates.get(connection) ?? { underWay: 0, waiting: new Set() };
  gates.set(connection, gate);
  if (gate.underWay < atOnce[connection.kind]) gate.underWay++;
  else await turn(gate, signal);
  try {
    return await cancelScope.run(signal, run);
  } finally {
    const [next] = gate.waiting;
    if (next)
      next(); // takes the place over
    else gate.underWay--;
  }
}

function turn({ waiting }: Gate, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      waiting.delete(enter);
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
    };
    const enter = () => {
      leave();
      resolve();
    };
    const gone = () => {
      leave();
      reject(new DatabaseError(sqlState.statementTimeout, 'nobody waits for the answer any more'));
    };
    const timer = setTimeout(() => {
      leave();
      reject(new DatabaseError(sqlState.waitedTooLong, `no turn within ${waitLimitMs / 1000} s`));
    }, waitLimitMs);
    waiting.add(enter);
    if (signal.aborted) gone();
    else signal.addEventListener('abort', gone);
  });
}
