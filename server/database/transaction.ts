import { AsyncLocalStorage } from 'node:async_hooks';
import { type Kysely, sql, type Transaction } from 'kysely';

/** What is known of the `transaction()` the current call runs in. */
interface Scope {
  readonly statementTimeoutMs: number;
  /** Pool of the handle that `transaction()` was given, once it has lent a session. */
  pool?: unknown;
  /** True while the caller's function runs: then that handle is out of bounds. */
  inside: boolean;
}

/** Read by the databases (limit of a statement) and by the pool (use of the outer handle). */
export const transactionScope = new AsyncLocalStorage<Scope>();

/** Longest time a statement may take when nobody says otherwise, in milliseconds. */
export const defaultStatementTimeoutMs = 10_000;

interface TransactionOptions {
  /** `repeatable read`: every statement sees the same snapshot; needed where rows and their position in the change log must agree. */
  isolation?: 'read committed' | 'repeatable read';
  /** Limit of each statement in milliseconds, 0 for none (migrations, imports). */
  statementTimeoutMs?: number;
}

/**
 * Runs `run` in one transaction, committed when it resolves and rolled back when it throws.
 * Using the outer handle inside throws: it would write outside the transaction, and on the embedded database wait for ever.
 * @throws DatabaseError; 25P02 when a statement failed, its error was swallowed, and nothing was committed.
 */
export function transaction<DB, T>(
  db: Kysely<DB>,
  run: (trx: Transaction<DB>) => Promise<T>,
  { isolation = 'read committed', statementTimeoutMs = defaultStatementTimeoutMs }: TransactionOptions = {},
): Promise<T> {
  const scope: Scope = { statementTimeoutMs, inside: false };
  return transactionScope.run(scope, () =>
    db
      .transaction()
      .setIsolationLevel(isolation)
      .execute(async (trx) => {
        if (statementTimeoutMs !== defaultStatementTimeoutMs) {
          await sql`select set_config('statement_timeout', ${String(statementTimeoutMs)}, true)`.execute(trx);
        }
        scope.inside = true;
        return run(trx).finally(() => {
          scope.inside = false;
        });
      }),
  );
}
