import { sql, type Transaction } from 'kysely';
import { TextPool } from '../../tiles/text_pool.ts';
import { type Change, changesSince, position } from '../database/change_log.ts';
import type { Connection, Database } from '../database/connect.ts';
import { transaction } from '../database/transaction.ts';
import type { Layer } from '../registry/layer.ts';
import { LiveLayer, type Touched } from './live_layer.ts';
import { type PackedRows, packedRows, packedRowsById } from './packed_rows.ts';

/** Changes read at a time. */
const batch = 1_000;
/** Rows after which a batch ends: they are brought in without a pause. */
const batchRows = 10_000;

/** A step of the copy along the change log. */
export interface Advance {
  /** What the log says, in its order. */
  readonly changes: readonly Change[];
  /** What that did to the rows of the copy; of a row changed several times, the sum. */
  readonly touched: ReadonlyMap<LiveLayer, readonly Touched[]>;
}

/** Told of every step after the whole of it is in the copy. */
export interface Watcher {
  readonly advanced: (step: Advance) => void;
  /** The copy was loaded anew: whatever was made from it is void. */
  readonly reloaded: () => void;
}

/**
 * The layers in memory, true at one position of the change log. Loaded from one snapshot, then moved forward by
 * `follower.ts`; everything that is drawn or counted reads it. Each step is read from one snapshot and brought in
 * without a pause, so that between two of them the copy is the database at that position. (Only while the log is more
 * than a batch ahead, rows may be newer than the position; their changes are still to come and bring them again.)
 */
export class LiveCopy {
  readonly pool = new TextPool();
  #layers = new Map<string, LiveLayer>();
  readonly #connection: Connection;
  readonly #watchers = new Set<Watcher>();
  /** What is brought in is brought in one after the other: a column that is being read must not miss a change. */
  readonly #reading = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();
  /** The log is more than a batch ahead: rows that were brought in may be newer than the position. */
  #isBehind = false;
  epoch = '';
  seq = 0;
  /** When the database was last asked and answered, milliseconds since 1970: the picture is that old. */
  asOf = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** `epoch:seq`: every change up to it is in the copy. */
  get position(): string {
    return `${this.epoch}:${this.seq}`;
  }

  get layers(): Iterable<LiveLayer> {
    return this.#layers.values();
  }

  /** The live copy of a layer; throws a RangeError for one that is not loaded. */
  layer(id: string): LiveLayer {
    const live = this.#layers.get(id);
    if (!live) throw new RangeError(`layer '${id}' is not in the live copy`);
    return live;
  }

  /** Tells `watcher` of each step; returns how to stop. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Reads all layers from one snapshot of the database; `onProgress` is told of each. */
  load(layers: readonly Layer[], onProgress?: (message: string) => void): Promise<void> {
    return this.#inTurn(() =>
      this.#snapshot(async (trx) => {
        const asOf = Date.now();
        const { epoch, seq } = await position(trx);
        const loaded = new Map<string, LiveLayer>();
        for (const layer of layers) {
          const live = await this.#read(trx, layer);
          live.changedSeq = seq;
          loaded.set(layer.id, live);
          onProgress?.(`${layer.id}: ${live.size.toLocaleString('en')} rows`);
        }
        for (const old of this.#layers.values()) old.replaced = true;
        this.#layers = loaded;
        this.epoch = epoch;
        this.seq = seq;
        this.asOf = asOf;
        for (const watcher of this.#watchers) watcher.reloaded();
      }),
    );
  }

  /**
   * Adds a layer made at run time. Its rows may be newer than the copy's position; the changes that follow bring the
   * same rows again, which does no harm.
   */
  add(layer: Layer): Promise<void> {
    return this.#inTurn(async () => {
      const live = await this.#snapshot((trx) => this.#read(trx, layer));
      live.changedSeq = this.seq;
      this.#layers.set(layer.id, live);
    });
  }

  /** Makes sure that columns of a layer are kept: those of tiles are from the start, others when first asked for. */
  async keep(id: string, columns: readonly string[]): Promise<void> {
    const live = this.layer(id);
    if (columns.every((key) => live.columns.has(key) && !this.#reading.has(`${id}.${key}`))) return;
    await this.#inTurn(async () => {
      const missing = live.keep(columns);
      if (missing.length === 0) return;
      for (const key of missing) this.#reading.add(`${id}.${key}`);
      try {
        for await (const rows of packedRows(this.#connection.db, live.layer, missing)) live.fill(rows);
      } catch (error) {
        live.columns.drop(missing);
        throw error;
      } finally {
        for (const key of missing) this.#reading.delete(`${id}.${key}`);
      }
    });
  }

  /**
   * Takes the next step along the log. `more`: there may be another to take; `lost`: the log no longer holds what comes
   * after the copy's position, so it must be loaded anew.
   */
  advance(): Promise<{ readonly changes: readonly Change[]; readonly state: 'done' | 'more' | 'lost' }> {
    return this.#inTurn(async () => {
      const asOf = Date.now();
      const read = await this.#snapshot(async (trx) => {
        const found = await changesSince(trx, this, batch);
        if (!found) return undefined;
        const changes = upTo(batchRows, found);
        const rows = new Map<LiveLayer, { ids: readonly number[]; rows: PackedRows }>();
        for (const [live, ids] of this.#idsByLayer(changes))
          rows.set(live, { ids, rows: await packedRowsById(trx, live.layer, live.columns.keys, ids) });
        return {
          changes,
          rows,
          state: changes.length < found.length || found.length === batch ? 'more' : 'done',
        } as const;
      }, false);
      if (!read) return { changes: [], state: 'lost' };
      const { changes, rows, state } = read;
      this.asOf = asOf;
      if (changes.length > 0) this.#apply(changes, rows);
      this.#isBehind = state === 'more';
      return { changes, state };
    });
  }

  #apply(changes: readonly Change[], read: ReadonlyMap<LiveLayer, { ids: readonly number[]; rows: PackedRows }>): void {
    const { seq } = changes.at(-1)!;
    const touched = new Map<LiveLayer, Touched[]>();
    for (const [live, { ids, rows }] of read) {
      const gone = new Set(ids);
      const of: Touched[] = [];
      while (rows.more) {
        const row = live.upsert(rows);
        gone.delete(row.id);
        // It may have been brought with the step before, so that nothing is different now that it is this step's turn.
        of.push(this.#isBehind ? { ...row, changed: -1 } : row);
      }
      for (const id of gone) {
        const row = live.remove(id);
        if (row) of.push(row);
      }
      live.changedSeq = seq;
      touched.set(live, of);
    }
    this.seq = seq;
    for (const watcher of this.#watchers) watcher.advanced({ changes, touched });
  }

  #idsByLayer(changes: readonly Change[]): Map<LiveLayer, readonly number[]> {
    const ids = new Map<LiveLayer, Set<number>>();
    for (const change of changes) {
      const live = this.#layers.get(change.layer);
      if (!live) continue;
      const seen = ids.get(live) ?? new Set();
      for (const id of change.ids) seen.add(id);
      ids.set(live, seen);
    }
    return new Map([...ids].map(([live, seen]) => [live, [...seen]]));
  }

  async #read(trx: Transaction<Database>, layer: Layer): Promise<LiveLayer> {
    const live = new LiveLayer(layer, this.pool);
    const old = this.#layers.get(layer.id);
    if (old) {
      live.keep(old.columns.keys);
      live.revision = old.revision + 1;
    }
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(layer.id)}`.execute(trx);
    live.reserve(rows[0]!.n);
    for await (const page of packedRows(trx, layer, live.columns.keys)) live.load(page);
    await live.index();
    return live;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(run);
    this.#turn = mine.catch(() => {}); // the caller is told; the next one has its turn all the same
    return mine;
  }

  /** `long`: for whole layers. */
  #snapshot<T>(run: (trx: Transaction<Database>) => Promise<T>, long = true): Promise<T> {
    return transaction(this.#connection.db, run, {
      isolation: 'repeatable read',
      ...(long && { statementTimeoutMs: 0 }),
    });
  }
}

/** The first changes with together about `rows` rows; at least one, if there is one. */
function upTo(rows: number, changes: readonly Change[]): readonly Change[] {
  let sum = 0;
  const end = changes.findIndex(({ ids }) => {
    sum += ids.length;
    return sum >= rows;
  });
  return end < 0 ? changes : changes.slice(0, end + 1);
}
