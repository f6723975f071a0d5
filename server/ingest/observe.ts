import type { Connection } from '../database/connect.ts';
import type { Layer } from '../registry/layer.ts';
import { Problem } from '../registry/problem.ts';
import { emptyMemory, type Memory } from './memory.ts';
import type { Observation } from './observation.ts';
import type { Verdict } from './write.ts';
import { type Work, writeGroup } from './write_group.ts';

/** Observations of several senders that share a transaction; one sender's are never parted. */
const groupSize = 1_000;
/** Observations for which a second transaction is begun beside one that runs. */
const worthAnother = 500;
/** Observations that may wait for one layer before senders are asked to come again later. */
const queueLimit = 300_000;

type Waiting = {
  readonly work: Work;
  readonly done: (verdicts: Verdict[]) => void;
  readonly fail: (error: unknown) => void;
};

/** The writer of a layer: what comes while its transactions run goes into the next one together. */
interface Writer {
  readonly waiting: Waiting[];
  /** Observations waiting and under way. */
  size: number;
  underWay: number;
  /** Codes of each transaction under way: what is said of one thing is written in the order it was said. */
  readonly running: Set<ReadonlySet<string>>;
  /** A broken connection is being written: what is said after it must be written after it. */
  exclusive: boolean;
  /** Who waits is looked at when this turn of the event loop is over. */
  called: boolean;
  readonly memory: Memory;
}

const writers = new WeakMap<Connection, Map<string, Writer>>();

/**
 * Writes observations of a layer and resolves when they are durable, to a verdict for each, in their order. All of them
 * are in one transaction (which others may share), so that after a failure none is there.
 * @throws DatabaseError when the database fails; Problem `too_many` when too much is waiting already.
 */
export function observe(
  connection: Connection,
  layer: Layer,
  observations: readonly Observation[],
): Promise<Verdict[]> {
  return enqueue(connection, layer, { kind: 'observations', observations });
}

/** Marks a thing as cut off, after what was said of it before; resolves when that is durable. */
export async function observeOffline(connection: Connection, layer: Layer, code: string): Promise<void> {
  await enqueue(connection, layer, { kind: 'offline', codes: [code] });
}

function enqueue(connection: Connection, layer: Layer, work: Work): Promise<Verdict[]> {
  const ofConnection = writers.get(connection) ?? new Map<string, Writer>();
  writers.set(connection, ofConnection);
  const writer: Writer = ofConnection.get(layer.id) ?? {
    waiting: [],
    size: 0,
    underWay: 0,
    running: new Set(),
    exclusive: false,
    called: false,
    memory: emptyMemory(),
  };
  ofConnection.set(layer.id, writer);
  const count = sizeOf(work);
  if (writer.size > 0 && writer.size + count > queueLimit)
    return Promise.reject(new Problem('too_many', `${writer.size} observations of ${layer.id} wait to be written.`));
  return new Promise((done, fail) => {
    writer.waiting.push({ work, done, fail });
    writer.size += count;
    startSoon(connection, layer, writer);
  });
}

const sizeOf = (work: Work) => (work.kind === 'observations' ? work.observations.length : work.codes.length);

const codesOf = (work: Work) => (work.kind === 'observations' ? work.observations.map(({ code }) => code) : work.codes);

/** Senders that were answered just now come again in the same turn: whoever waited for them goes with them. */
function startSoon(connection: Connection, layer: Layer, writer: Writer): void {
  if (writer.called) return;
  writer.called = true;
  setImmediate(() => {
    writer.called = false;
    startNext(connection, layer, writer);
  });
}

function startNext(connection: Connection, layer: Layer, writer: Writer): void {
  // The embedded database has one session; on a server more would wait for each other's commit.
  const lanes = connection.kind === 'server' ? 2 : 1;
  while (writer.waiting.length > 0 && writer.running.size < lanes && !writer.exclusive) {
    // A few rows are written sooner with the next group than by a commit of their own.
    if (writer.running.size > 0 && writer.size - writer.underWay < worthAnother) return;
    const group = nextGroup(writer);
    if (group.length === 0) return;
    void run(connection, layer, writer, group);
  }
}

async function run(connection: Connection, layer: Layer, writer: Writer, group: readonly Waiting[]): Promise<void> {
  const codes = new Set(group.flatMap(({ work }) => codesOf(work)));
  const size = group.reduce((sum, { work }) => sum + sizeOf(work), 0);
  writer.running.add(codes);
  writer.underWay += size;
  writer.exclusive = group.some(({ work }) => work.kind === 'offline');
  try {
    const works = group.map(({ work }) => work);
    const verdicts = await writeGroup(connection, layer, works, writer.memory);
    for (const [i, { done }] of group.entries()) done(verdicts[i]!);
  } catch (error) {
    for (const { fail } of group) fail(error);
  }
  writer.running.delete(codes);
  writer.exclusive = false;
  writer.size -= size;
  writer.underWay -= size;
  startSoon(connection, layer, writer);
}

/**
 * The first of those who wait, as many as are written well together: none of whom a transaction under way speaks, all
 * sorts of observations, then broken connections, alone with them.
 */
function nextGroup({ waiting, running }: Writer): Waiting[] {
  const busy = (code: string) => [...running].some((codes) => codes.has(code));
  let size = 0;
  let end = 0;
  let offline = false;
  for (; end < waiting.length; end++) {
    const { work } = waiting[end]!;
    size += sizeOf(work);
    if (end > 0 && (size > groupSize || (offline && work.kind === 'observations'))) break;
    if (running.size > 0 && (work.kind === 'offline' || codesOf(work).some(busy))) break;
    offline ||= work.kind === 'offline';
  }
  return waiting.splice(0, end);
}
