import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { DatabaseError, sqlState } from './database_error.ts';
import type { Session } from './session.ts';
import type { SessionPool } from './session_pool.ts';

/**
 * Kysely over a pool of sessions, the same for both databases.
 * Kysely's own two drivers differ where it hurts: over postgres.js a transaction goes on in autocommit after the connection was lost,
 * and the COMMIT of a failed transaction looks like success; over PGlite isolation levels are ignored and a failed BEGIN hangs.
 */
export function dialect(pool: SessionPool): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PooledDriver(pool),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PooledDriver implements Driver {
  readonly #pool: SessionPool;

  constructor(pool: SessionPool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PooledConnection> {
    return new PooledConnection(await this.#pool.acquire());
  }

  async releaseConnection(connection: PooledConnection): Promise<void> {
    // Open here means its end failed: the next borrower must not find himself in somebody's transaction.
    if (connection.inTransaction) await connection.session.end();
    await this.#pool.release(connection.session);
  }

  async beginTransaction(connection: PooledConnection, settings: TransactionSettings): Promise<void> {
    const isolation = settings.isolationLevel ? ` isolation level ${settings.isolationLevel}` : '';
    await connection.session.query(`begin${isolation} ${settings.accessMode ?? ''}`, []);
    connection.inTransaction = true;
  }

  async commitTransaction(connection: PooledConnection): Promise<void> {
    const { command } = await connection.session.query('commit', []);
    connection.inTransaction = false;
    // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed; here nobody threw, so somebody swallowed the error.
    if (command === 'ROLLBACK') {
      throw new DatabaseError(
        sqlState.abortedTransaction,
        'nothing was committed: a statement failed and its error was ignored',
      );
    }
  }

  async rollbackTransaction(connection: PooledConnection): Promise<void> {
    if (connection.session.alive && connection.inTransaction) await connection.session.query('rollback', []);
    connection.inTransaction = false;
  }

  async savepoint(connection: PooledConnection, name: string): Promise<void> {
    await connection.session.query(`savepoint "${name}"`, []);
  }

  async rollbackToSavepoint(connection: PooledConnection, name: string): Promise<void> {
    await connection.session.query(`rollback to savepoint "${name}"`, []);
  }

  async releaseSavepoint(connection: PooledConnection, name: string): Promise<void> {
    await connection.session.query(`release savepoint "${name}"`, []);
  }

  destroy(): Promise<void> {
    return this.#pool.close();
  }
}

class PooledConnection implements DatabaseConnection {
  readonly session: Session;
  inTransaction = false;
  #cursors = 0;

  constructor(session: Session) {
    this.session = session;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, command, count } = await this.session
      .query(query.sql, query.parameters)
      .catch((error: DatabaseError) => {
        // It was made in a socket's or a thread's callback: say where in the program the statement came from instead.
        Error.captureStackTrace(error);
        throw error;
      });
    const changed = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE';
    // Kysely's own contract: the row type is what the query builder says it is.
    return { rows: rows as R[], ...(changed && { numAffectedRows: BigInt(count) }) };
  }

  /** Rows in portions of `chunkSize` through a cursor, in a transaction of its own when there is none. */
  async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    const own = !this.inTransaction;
    const cursor = `rows_${this.#cursors++}`;
    if (own) await this.session.query('begin', []);
    this.inTransaction = true;
    try {
      await this.session.query(`declare ${cursor} no scroll cursor for ${query.sql}`, query.parameters);
      for (;;) {
        const portion = await this.executeQuery<R>(CompiledQuery.raw(`fetch ${chunkSize} from ${cursor}`));
        if (portion.rows.length > 0) yield portion;
        if (portion.rows.length < chunkSize) break;
      }
      await this.session.query(`close ${cursor}`, []);
    } finally {
      if (own && this.session.alive) await this.session.query('rollback', []);
      if (own) this.inTransaction = false;
    }
  }
}
