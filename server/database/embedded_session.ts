import { Worker } from 'node:worker_threads';
import { DatabaseError, sqlState, toDatabaseError } from './database_error.ts';
import { type EmbeddedProgram, embeddedProgram } from './embedded_program.ts';
import type { Answer, Session } from './session.ts';
import { defaultStatementTimeoutMs, transactionScope } from './transaction.ts';

/** What the thread begins with. */
export interface EmbeddedTask {
  readonly directory: string;
  readonly postgres: EmbeddedProgram['postgres'];
  readonly postgisFiles: EmbeddedProgram['files'];
}
export type EmbeddedRequest = { kind: 'query'; sql: string; parameters: readonly unknown[] } | { kind: 'close' };
export type EmbeddedReply =
  | { kind: 'ready' }
  | { kind: 'notification'; channel: string }
  | { kind: 'answer'; rows: Record<string, unknown>[]; command: string | undefined; count: number; syncs: number }
  | { kind: 'error'; message: string; fields: Record<string, string> };

export interface EmbeddedSession extends Session {
  /** Times the database has synced its files to disk. */
  readonly syncs: number;
}

interface EmbeddedEvents {
  onNotify?: (channel: string) => void;
  onLost?: () => void;
}

const closeLimitMs = 30_000;

/**
 * Opens the embedded database in `directory` (made when absent) in a thread of its own.
 * A statement over its limit ends the thread: the statement fails with 57014, the session is lost, and the pool opens the next one.
 * @throws Error when it does not start
 */
export async function openEmbeddedSession(
  directory: string,
  { onNotify, onLost }: EmbeddedEvents = {},
): Promise<EmbeddedSession> {
  const { postgres, files: postgisFiles } = await embeddedProgram();
  const worker = new Worker(new URL('./embedded_worker.ts', import.meta.url), {
    workerData: { directory, postgres, postgisFiles } satisfies EmbeddedTask,
    // With less, a stack overflow in the database is silent: no rows, no error.
    resourceLimits: { stackSizeMb: 64 },
    execArgv: [],
  });
  let alive = true;
  let opened = false;
  let syncs = 0;
  let pending = Promise.withResolvers<EmbeddedReply>();

  const lost = (reason: DatabaseError): void => {
    pending.reject(reason);
    if (!alive) return;
    alive = false;
    void worker.terminate();
    // One that never opened would, asked for again at once, not open again, without end.
    if (opened) onLost?.();
  };
  worker.on('message', (reply: EmbeddedReply) => {
    if (reply.kind === 'notification') onNotify?.(reply.channel);
    else pending.resolve(reply);
  });
  worker.on('error', (error) =>
    lost(new DatabaseError(sqlState.connectionLost, `the embedded database failed: ${error}`, {}, error)),
  );
  worker.on('exit', () => lost(new DatabaseError(sqlState.connectionLost, 'the embedded database ended')));
  await pending.promise;
  opened = true;
  worker.unref();

  async function ask(request: EmbeddedRequest, limitMs: number): Promise<Answer> {
    if (!alive) throw new DatabaseError(sqlState.connectionLost, 'the session with the embedded database was lost');
    pending = Promise.withResolvers();
    worker.ref();
    const expired = new DatabaseError(
      sqlState.statementTimeout,
      `canceling statement due to statement timeout (${limitMs} ms)`,
    );
    const timer = limitMs > 0 ? setTimeout(lost, limitMs, expired) : undefined;
    try {
      worker.postMessage(request);
      const reply = await pending.promise;
      if (reply.kind === 'answer' && reply.command !== undefined) {
        syncs = reply.syncs;
        return { rows: reply.rows, command: reply.command, count: reply.count };
      }
      throw failure(reply);
    } catch (error) {
      const failed = toDatabaseError(error);
      if (isBroken(failed)) lost(failed);
      throw failed;
    } finally {
      clearTimeout(timer);
      worker.unref();
    }
  }

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (request: EmbeddedRequest, limitMs: number): Promise<Answer> => {
    const answer = last.then(() => ask(request, limitMs));
    last = answer.catch(() => {});
    return answer;
  };

  return {
    get alive() {
      return alive;
    },
    get syncs() {
      return syncs;
    },
    worn: false,
    query: (sql, parameters) =>
      inTurn(
        { kind: 'query', sql, parameters },
        transactionScope.getStore()?.statementTimeoutMs ?? defaultStatementTimeoutMs,
      ),
    async end() {
      // In good order when it still answers: the next start then has nothing to recover.
      if (alive) await inTurn({ kind: 'close' }, closeLimitMs).catch(() => {});
      alive = false;
      await worker.terminate();
    },
  };
}

/** An answer without a command tag is what a stack overflow in the database looks like when it does not even fail. */
function failure(reply: EmbeddedReply): DatabaseError {
  if (reply.kind === 'error') return toDatabaseError(Object.assign(new Error(reply.message), reply.fields));
  return new DatabaseError(sqlState.stackDepth, 'the statement never completed: stack depth limit exceeded');
}

/** After these PostgreSQL's memory is not to be trusted: every later statement fails or answers nothing. */
function isBroken(error: DatabaseError): boolean {
  return (
    error.code === sqlState.stackDepth ||
    /ERRORDATA_STACK_SIZE|memory access out of bounds|unreachable|Aborted\(/.test(error.message)
  );
}
