import { hash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Connection, Database } from '../database/connect.ts';
import type { PartitionedTable } from '../database/partitions.ts';

/** What came in, as it came. */
export interface RawPayload {
  readonly receivedAt: Date;
  readonly door: 'http' | 'mqtt' | 'feed';
  /** Id of the feed, for the door `feed`. */
  readonly feed?: string;
  /** Path, topic or URL. */
  readonly address: string;
  /** The worst that became of a record in it. */
  readonly outcome: 'accepted' | 'suspect' | 'rejected';
  readonly reason?: string | undefined;
  readonly bytes: Uint8Array;
}

/** Its days: each leaves as a whole 30 days after it ended. */
export const rawPayloadDays: PartitionedTable = {
  table: 'raw_payload',
  column: 'received_at',
  unit: 'day',
  keptDays: 30,
  ahead: 2,
};

/** Bytes kept of one payload; `size` tells how many there were. */
const maxBytes = 2 ** 20;
const flushMs = 1_000;
const flushBytes = 2 * 2 ** 20;
/** Bytes that wait in memory while the database is busy or away; what comes beyond is not kept, and counted. */
const queueBytes = 16 * 2 ** 20;

/** What waits to be written, and what never will be. */
interface Queue {
  waiting: RawPayload[];
  bytes: number;
  lost: number;
  timer: NodeJS.Timeout | undefined;
  writing: Promise<void>;
}

const queues = new WeakMap<Connection, Queue>();

function queueOf(connection: Connection): Queue {
  const queue = queues.get(connection) ?? {
    waiting: [],
    bytes: 0,
    lost: 0,
    timer: undefined,
    writing: Promise.resolve(),
  };
  queues.set(connection, queue);
  return queue;
}

/**
 * Keeps a payload with others within a second or so. Nobody waits for it, and a process that dies takes the last second
 * with it: it is for finding out what a device said, not the record of what was seen.
 */
export function keepRawPayload(connection: Connection, payload: RawPayload): void {
  const queue = queueOf(connection);
  const size = Math.min(payload.bytes.byteLength, maxBytes);
  if (queue.bytes + size > queueBytes) {
    queue.lost++;
    return;
  }
  queue.waiting.push(payload);
  queue.bytes += size;
  if (queue.bytes >= flushBytes) void flushRawPayloads(connection);
  else queue.timer ??= setTimeout(() => void flushRawPayloads(connection), flushMs).unref();
}

/** Payloads that were not kept because the database did not keep up, since the process began. */
export function lostRawPayloads(connection: Connection): number {
  return queueOf(connection).lost;
}

/** Writes what waits; resolves when it is there, or when the database would not have it: then it waits on. */
export function flushRawPayloads(connection: Connection): Promise<void> {
  const queue = queueOf(connection);
  clearTimeout(queue.timer);
  queue.timer = undefined;
  queue.writing = queue.writing.then(async () => {
    const payloads = queue.waiting.splice(0);
    if (payloads.length === 0) return;
    const bytes = payloads.reduce((sum, payload) => sum + Math.min(payload.bytes.byteLength, maxBytes), 0);
    try {
      await insertRawPayloads(connection.db, payloads);
      queue.bytes -= bytes;
    } catch {
      // Told by everything else that cannot write either.
      queue.waiting.unshift(...payloads);
      queue.timer ??= setTimeout(() => void flushRawPayloads(connection), flushMs).unref();
    }
  });
  return queue.writing;
}

/** Writes payloads now, as part of a transaction where there is one. */
export async function insertRawPayloads(db: Kysely<Database>, payloads: readonly RawPayload[]): Promise<void> {
  const rows = payloads.map(({ receivedAt, door, feed, address, outcome, reason, bytes }) => ({
    ...{ received_at: receivedAt.toISOString(), door, feed, outcome, size: bytes.byteLength },
    address: plain(address, 2000),
    reason: reason && plain(reason, 1000),
    // Told apart by it, they are written when they differ from the last one.
    digest: feed && digestOf(bytes).toString('base64'),
    body: Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, maxBytes)).toString('base64'),
  }));
  await sql`insert into raw_payload (received_at, door, feed, address, outcome, reason, size, digest, body)
    select received_at, door, feed, address, outcome, reason, size, decode(digest, 'base64'), decode(body, 'base64')
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as row (received_at timestamptz, door text, feed text,
      address text, outcome text, reason text, size int, digest text, body text)`.execute(db);
}

/** What tells one payload from another. */
export function digestOf(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

/** What the database takes as text. */
const plain = (text: string, max: number) => [...text.replaceAll('\0', '')].slice(0, max).join('');
