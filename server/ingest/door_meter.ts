import type { Connection } from '../database/connect.ts';
import type { Parts } from '../parts.ts';
import { keepRawPayload, type RawPayload } from './raw_payload.ts';
import type { Receipt } from './receive.ts';

/** The doors that devices come in by. */
export type DoorId = 'http' | 'mqtt';

/** How a door does, in this process since it began. */
export interface DoorReport {
  readonly id: DoorId;
  /** Of MQTT: our own broker (`listening`), or another one that we read from; HTTP always listens. */
  readonly state: 'listening' | 'connected' | 'connecting' | 'off';
  /** Port of our own broker, host of another one. */
  readonly at: string | null;
  /** Messages of the last 60 seconds. */
  readonly perMinute: number;
  readonly messages: number;
  /** Messages of which something was rejected. */
  readonly rejected: number;
  /** RFC 3339. */
  readonly lastMessage: string | null;
  readonly lastRejected: { readonly at: string; readonly address: string; readonly reason: string } | null;
}

type Meter = { -readonly [K in keyof Omit<DoorReport, 'perMinute'>]: DoorReport[K] } & {
  /** Messages in each of the last 60 seconds, by the second since 1970 modulo 60. */
  readonly seconds: { second: number; count: number }[];
};

const meters = new WeakMap<Connection, Readonly<Record<DoorId, Meter>>>();

function metersOf(connection: Connection): Readonly<Record<DoorId, Meter>> {
  const known = meters.get(connection) ?? { http: meter('http', 'listening'), mqtt: meter('mqtt', 'off') };
  meters.set(connection, known);
  return known;
}

function meter(id: DoorId, state: DoorReport['state']): Meter {
  const nothing = { messages: 0, rejected: 0, lastMessage: null, lastRejected: null };
  return { id, state, at: null, ...nothing, seconds: Array.from({ length: 60 }, () => ({ second: 0, count: 0 })) };
}

/** Tells whether MQTT is open, and where. */
export function doorIs(connection: Connection, state: DoorReport['state'], at: string | null): void {
  Object.assign(metersOf(connection).mqtt, { state, at });
}

/** How the doors do. */
export function doorReports(connection: Connection, now = Date.now()): DoorReport[] {
  return Object.values(metersOf(connection)).map(({ seconds, ...told }) => {
    const oldest = Math.floor(now / 1000) - 59;
    const perMinute = seconds.reduce((sum, { second, count }) => (second >= oldest ? sum + count : sum), 0);
    return { ...told, perMinute };
  });
}

/** Counts a message and keeps it as it came, where `RAW_PAYLOADS` wants that. */
export function noteMessage(
  { connection, config }: Pick<Parts, 'connection' | 'config'>,
  door: DoorId,
  address: string,
  bytes: Uint8Array,
  { outcome, reason }: Pick<RawPayload, 'outcome' | 'reason'>,
): void {
  const now = new Date();
  const of = metersOf(connection)[door];
  const second = Math.floor(now.getTime() / 1000);
  const slot = of.seconds[second % 60]!;
  if (slot.second === second) slot.count++;
  else Object.assign(slot, { second, count: 1 });
  of.messages++;
  of.lastMessage = now.toISOString();
  if (outcome === 'rejected') {
    of.rejected++;
    of.lastRejected = { at: of.lastMessage, address: address.slice(0, 200), reason: (reason ?? '').slice(0, 300) };
  }
  if (config.RAW_PAYLOADS === 'none' || (config.RAW_PAYLOADS === 'rejected' && outcome === 'accepted')) return;
  keepRawPayload(connection, { receivedAt: now, door, address, outcome, reason, bytes });
}

/** What became of a message as a whole, with the reason of the first record that was rejected. */
export function outcomeOf({ rejected, suspect }: Receipt): Pick<RawPayload, 'outcome' | 'reason'> {
  const [first] = rejected;
  if (!first) return { outcome: suspect > 0 ? 'suspect' : 'accepted' };
  const more = rejected.length > 1 ? ` (and ${rejected.length - 1} more)` : '';
  return { outcome: 'rejected', reason: `${first.code === null ? '' : `${first.code}: `}${first.reason}${more}` };
}
