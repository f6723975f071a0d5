/** What a statement answered. `command` is the first word of its command tag: `COMMIT`, `ROLLBACK`, `INSERT`. */
export interface Answer {
  readonly rows: Record<string, unknown>[];
  readonly command: string;
  /** Rows changed or returned. */
  readonly count: number;
}

/** The statement that makes a session hear a channel. */
export function listenTo(channel: string): string {
  return `listen "${channel.replaceAll('"', '""')}"`;
}

/** One conversation with a PostgreSQL, server or embedded. Statements sent at once run one after the other. */
export interface Session {
  /** False once the conversation broke; what was uncommitted is rolled back, and it never comes back to life. */
  readonly alive: boolean;
  /** True when it should be replaced when next free. */
  readonly worn: boolean;
  /** @throws DatabaseError */
  query(sql: string, parameters: readonly unknown[]): Promise<Answer>;
  /** Ends it, whatever it is doing; resolves when nothing of it is left. */
  end(): Promise<void>;
}
