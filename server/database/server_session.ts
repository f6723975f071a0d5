import postgres from 'postgres';
import { cancelScope } from './cancel_scope.ts';
import { DatabaseError, sqlState, toDatabaseError } from './database_error.ts';
import type { Answer, Session } from './session.ts';
import { defaultStatementTimeoutMs, transactionScope } from './transaction.ts';
import { serverTypes } from './value_types.ts';

interface ServerSessionEvents {
  onNotify?: (channel: string) => void;
  onLost?: () => void;
  /** It was lost because nothing came any more: whoever is at the other end of other sessions may be gone as well. */
  onSilent?: () => void;
}

/**
 * How much longer than the server's own limit of a statement an answer may take, in milliseconds. A host that vanished does not
 * close its sockets, and by itself TCP takes a quarter of an hour to notice.
 */
const graceMs = 5_000;

/** Different statements a session prepares before it is replaced: neither side ever forgets one. */
const statementLimit = 500;

/** Never the simple protocol: it runs several statements in one text, the embedded database refuses them. */
const extendedProtocol = { prepare: true, simple: false };

/**
 * Opens one session with the server at `url`.
 * Each has a postgres.js client with one connection: its own pool would silently go on with a new connection in the middle of a transaction.
 * @throws DatabaseError when the server does not answer within 10 s or refuses. A statement without an answer 5 s after its limit loses the session.
 */
export async function openServerSession(
  url: string,
  { onNotify, onLost, onSilent }: ServerSessionEvents = {},
): Promise<Session> {
  let alive = true;
  /** Rejects the statement under way: after some ways of breaking postgres.js leaves it unanswered for ever. */
  let abandon: ((reason: DatabaseError) => void) | undefined;
  const closed = Promise.withResolvers<void>();
  const statements = new Set<string>();
  /** Of the process that serves this session. */
  let pid = 0;
  const client = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 10,
    types: serverTypes,
    fetch_types: false, // `serverTypes` says why
    connection: { TimeZone: 'UTC', statement_timeout: defaultStatementTimeoutMs, application_name: 'pendopo' },
    onnotice: () => {},
    ...(onNotify && { onnotify: onNotify }),
    onclose() {
      lose(new DatabaseError(sqlState.connectionLost, 'the connection to the database was lost'));
      closed.resolve();
    },
  });

  function lose(reason: DatabaseError): void {
    abandon?.(reason);
    if (!alive) return;
    alive = false;
    onLost?.();
  }

  /** Gives the session up when a statement has had no answer for so long; the answer stops the watch. */
  function watch(limitMs: number): () => void {
    if (limitMs === 0) return () => {};
    const silent = () => {
      lose(new DatabaseError(sqlState.connectionLost, 'the database does not answer any more'));
      onSilent?.();
    };
    // In two steps: an answer that came while this process was busy is read between them.
    let timer = setTimeout(() => {
      timer = setTimeout(silent, graceMs);
    }, limitMs);
    return () => clearTimeout(timer);
  }

  // One after the other: what postgres.js has queued when the connection breaks it sends on the next one.
  let last: Promise<unknown> = Promise.resolve();
  function query(sql: string, parameters: readonly unknown[]): Promise<Answer> {
    const gone = cancelScope.getStore();
    const limitMs = transactionScope.getStore()?.statementTimeoutMs ?? defaultStatementTimeoutMs;
    const answer = last.then(async () => {
      if (!alive) throw new DatabaseError(sqlState.connectionLost, 'the connection to the database was lost');
      if (gone?.aborted) throw new DatabaseError(sqlState.statementTimeout, 'nobody waits for the answer any more');
      statements.add(sql);
      let cancelled: Promise<void> | undefined;
      const cancel = () => {
        cancelled = cancelStatement(url, pid);
      };
      gone?.addEventListener('abort', cancel);
      const answered = watch(limitMs);
      return new Promise<Answer>((resolve, reject) => {
        abandon = reject;
        // postgres.js types parameters by what it can serialise itself; the server tells it each parameter's type.
        client.unsafe(sql, parameters as never[], extendedProtocol).then(
          (result) => resolve({ rows: [...result], command: result.command, count: result.count }),
          (thrown: unknown) => {
            const error = toDatabaseError(thrown);
            // Between this error and the end of the socket postgres.js would take further statements, and lose them.
            if (isFatal(error)) lose(error);
            reject(error);
          },
        );
      }).finally(() => {
        answered();
        gone?.removeEventListener('abort', cancel);
        return cancelled; // so that it cannot hit the statement after this one
      });
    });
    last = answer.catch(() => {});
    return answer;
  }

  const session: Session = {
    get alive() {
      return alive;
    },
    get worn() {
      return statements.size > statementLimit;
    },
    query,
    async end() {
      alive = false;
      await Promise.race([client.end({ timeout: 1 }), closed.promise]);
    },
  };
  try {
    // For whoever comes to use it, not only for who made it necessary.
    const { rows } = await cancelScope.run(undefined, () => session.query('select pg_backend_pid() as pid', []));
    pid = Number(rows[0]!.pid);
    return session;
  } catch (error) {
    await session.end();
    throw error;
  }
}

/** Tells the server to give up what a session is asked, over a session of its own; the statement fails with 57014. */
async function cancelStatement(url: string, pid: number): Promise<void> {
  try {
    const session = await openServerSession(url);
    await cancelScope.run(undefined, () => session.query('select pg_cancel_backend($1::int)', [pid]));
    await session.end();
  } catch {
    // There is no connection left for it, or no server: the statement ends by its own limit.
  }
}

/** The server has ended the session or is about to: class 08, and class 57 without the cancelled statement (57014). */
function isFatal(error: DatabaseError): boolean {
  return error.code.startsWith('08') || error.code.startsWith('57P');
}
