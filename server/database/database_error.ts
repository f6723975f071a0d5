/** SQLSTATEs this layer gives itself or looks at (PostgreSQL, appendix A). */
export const sqlState = {
  connectionLost: '08006',
  statementTimeout: '57014',
  waitedTooLong: '55P03',
  stackDepth: '54001',
  abortedTransaction: '25P02',
  noSuchDatabase: '3D000',
  notAllowed: '42501',
  serializationFailure: '40001',
  deadlock: '40P01',
  notNullViolation: '23502',
  uniqueViolation: '23505',
  checkViolation: '23514',
} as const;

/**
 * Whether a SQLSTATE says that the server cannot be talked to now: class 08, class 57P (it is ending, starting or was
 * ended), 53300 (it has no connection left).
 */
export function isAway(code: string): boolean {
  return code.startsWith('08') || code.startsWith('57P') || code === '53300';
}

/** A failed statement or lost connection, the same on both databases. */
export class DatabaseError extends Error {
  /** SQLSTATE, five characters. */
  readonly code: string;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly detail: string | undefined;

  constructor(code: string, message: string, fields: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, { cause });
    this.name = 'DatabaseError';
    this.code = code;
    this.constraint = text(fields.constraint ?? fields.constraint_name);
    this.table = text(fields.table ?? fields.table_name);
    this.column = text(fields.column ?? fields.column_name);
    this.detail = text(fields.detail);
  }
}

/** Whatever a driver threw as a `DatabaseError`: postgres.js says `constraint_name`, PGlite `constraint`; a broken socket has no SQLSTATE. */
export function toDatabaseError(thrown: unknown): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown;
  const fields: Record<string, unknown> = { ...(typeof thrown === 'object' ? thrown : {}) };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = text(fields.code) ?? '';
  if (/^[0-9A-Z]{5}$/.test(code)) return new DatabaseError(code, message, fields, thrown);
  // CONNECTION_CLOSED, ECONNREFUSED, … against a value the driver could not send (TypeError and the like).
  const lost = /^(CONNECTION|CONNECT_|E[A-Z]{3,}$)/.test(code);
  return new DatabaseError(lost ? sqlState.connectionLost : '22000', message, fields, thrown);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
