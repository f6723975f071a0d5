import { hash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { Problem } from '../registry/problem.ts';
import type { Role } from '../registry/role.ts';
import type { Viewer } from '../registry/viewer.ts';
import type { Door } from './tables.ts';

const keptMs = 5_000;
const mostKept = 10_000;
const usesWrittenMs = 60_000;
/** What a key begins with, so that one that was published by mistake can be found. */
const mark = 'pdp_';
const prefixLength = mark.length + 6;

/** A key of a machine, as far as it may be known. */
export interface ServiceKey {
  readonly id: number;
  readonly name: string;
  readonly agency: string;
  readonly doors: readonly Door[];
  /** Layer ids; null: all. */
  readonly layers: readonly string[] | null;
  readonly viewer: Viewer;
}

/** Makes a key: 256 random bits, told once; only its digest is kept. */
export function makeKey(): { readonly key: string; readonly prefix: string; readonly hash: Uint8Array } {
  const key = `${mark}${randomBytes(32).toString('base64url')}`;
  return { key, prefix: key.slice(0, prefixLength), hash: digest(key) };
}

/** Whether a text is meant to be a key of ours. */
export function isServiceKey(text: string | undefined): text is string {
  return text?.startsWith(mark) ?? false;
}

/** The keys that machines come with, remembered for some seconds, and the streams that end with them. */
export class ServiceKeys {
  readonly #db: Kysely<Database>;
  readonly #known = new Map<string, { readonly until: number; readonly key: Promise<ServiceKey | undefined> }>();
  readonly #used = new Map<number, Date>();
  readonly #streams = new Map<number, { readonly seen: string; readonly responses: Set<ServerResponse> }>();
  readonly #writing: NodeJS.Timeout;

  constructor(db: Kysely<Database>) {
    this.#db = db;
    this.#writing = setInterval(() => void this.#writeUses().catch(() => {}), usesWrittenMs).unref(); // tried again next time
  }

  /** The key, if it is one, neither expired nor revoked; at most 5 s old. */
  async of(text: string): Promise<ServiceKey | undefined> {
    const hashed = digest(text);
    const name = Buffer.from(hashed).toString('base64url');
    const now = Date.now();
    const known = this.#known.get(name);
    if (!known && this.#known.size >= mostKept) this.#known.clear();
    const current = known && known.until > now ? known : { until: now + keptMs, key: this.#read(hashed) };
    this.#known.set(name, current);
    current.key.catch(() => this.#known.delete(name)); // the caller is told; the next one asks again
    const key = await current.key;
    if (key) this.#used.set(key.id, new Date(now));
    return key;
  }

  forget(): void {
    this.#known.clear();
  }

  /** Ends a stream when its key is revoked, runs out, or is for something else. */
  watch(key: ServiceKey, response: ServerResponse): void {
    const watched = this.#streams.get(key.id) ?? { seen: JSON.stringify(key), responses: new Set() };
    this.#streams.set(key.id, watched);
    watched.responses.add(response);
    response.once('close', () => {
      watched.responses.delete(response);
      if (watched.responses.size === 0 && this.#streams.get(key.id) === watched) this.#streams.delete(key.id);
    });
  }

  /** Ends the streams of keys that are not what they were when those were opened. */
  async review(): Promise<void> {
    const streams = [...this.#streams];
    if (streams.length === 0) return;
    const ids = streams.map(([id]) => id);
    const holding = new Map(
      (await this.#holding().where('id', 'in', ids).execute()).map((row) => [row.id, keyIn(row)]),
    );
    for (const [id, { seen, responses }] of streams) {
      if (JSON.stringify(holding.get(id)) === seen) continue;
      // Its stream may have ended meanwhile, and another have begun.
      if (this.#streams.get(id)?.responses === responses) this.#streams.delete(id);
      for (const response of responses) response.end();
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#writing);
    await this.#writeUses();
  }

  async #read(hashed: Uint8Array): Promise<ServiceKey | undefined> {
    const row = await this.#holding().where('hash', '=', hashed).executeTakeFirst();
    return row && keyIn(row);
  }

  /** Keys that are neither revoked nor expired. */
  #holding() {
    return this.#db
      .selectFrom('service_key')
      .select(['id', 'name', 'agency', 'doors', 'layers', 'role'])
      .where('revoked_at', 'is', null)
      .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<Date>`now()`)]));
  }

  /** When each was last used, now and then: a device that reports every second writes no row a second. */
  async #writeUses(): Promise<void> {
    const used = [...this.#used];
    this.#used.clear();
    for (const [id, at] of used)
      await this.#db.updateTable('service_key').set({ last_used_at: at }).where('id', '=', id).execute();
  }
}

function keyIn({ role, ...key }: Omit<ServiceKey, 'viewer'> & { readonly role: Role }): ServiceKey {
  const person = { id: `key:${key.id}`, name: key.name };
  const reach = key.layers === null ? {} : { layers: key.layers };
  return { ...key, viewer: { grants: [{ role, agency: key.agency }], person, ...reach } };
}

/** Throws `forbidden` unless a key opens a door. */
export function demandDoor(key: ServiceKey, door: Door): void {
  if (!key.doors.includes(door))
    throw new Problem(
      'forbidden',
      `The key '${key.name}' does not open the door '${door}', only: ${key.doors.join(', ')}.`,
    );
}

/** Throws `forbidden` unless a key is for a layer; an unknown one is refused in the same words. */
export function demandLayer(key: ServiceKey, layer: string): void {
  if (key.layers !== null && !key.layers.includes(layer))
    throw new Problem('forbidden', `The key '${key.name}' is not for '${layer.slice(0, 60)}'.`);
}

function digest(key: string): Uint8Array {
  return hash('sha256', key, 'buffer');
}
