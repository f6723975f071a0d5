import { setTimeout as wait } from 'node:timers/promises';
import { DatabaseError, sqlState } from './database_error.ts';

const attempts = 6;
/** The longest first pause; each later one may be twice as long. */
const pauseMs = 20;

/**
 * Does again what the database ended because others did the same things in another order (a deadlock, or a snapshot that
 * could not hold), up to six times, each after a random pause, so that those who met do not meet again. `run` is a whole
 * transaction: of an attempt that failed nothing stays.
 * @throws what the last attempt threw; any other error at once
 */
export async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!isCollision(error) || attempt === attempts) throw error;
      await wait(Math.random() * pauseMs * 2 ** (attempt - 1));
    }
  }
}

/** Whether a failed transaction would do, were it begun anew (PostgreSQL manual, 13.5). */
export function isCollision(error: unknown): boolean {
  const { deadlock, serializationFailure } = sqlState;
  return error instanceof DatabaseError && (error.code === deadlock || error.code === serializationFailure);
}
