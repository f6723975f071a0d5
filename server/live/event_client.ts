import type { ServerResponse } from 'node:http';
import { changeEvent, plainEvent } from './event_frame.ts';
import { type FeatureChange, merged, tell } from './feature_change.ts';
import { boxesAt, type Interest } from './interest.ts';
import { alarmsFirst } from './view_changes.ts';

/** Bytes given to a slow client at a time, so that an alarm never waits behind all the rest. */
const portionBytes = 32 * 1024;
/** How long a client may take nothing before it is given up. */
const patienceMs = 45_000;
/** How long a client that was let go may take to read what is left. */
const farewellMs = 10_000;

/**
 * One listener. What it can take is written at once; what it cannot is held, of each feature only the newest, up to a
 * number of bytes. Beyond them it is told to start over. Nobody ever waits for it.
 */
export class EventClient {
  readonly interest: Interest;
  /** It has everything up to this number of the log. */
  readonly after: number;
  readonly #response: ServerResponse;
  readonly #maxBytes: number;
  #held: Map<string, FeatureChange> | undefined;
  #heldBytes = 0;
  #position = '';
  #blockedAt = 0;

  constructor(response: ServerResponse, interest: Interest, after: number, maxBytes: number) {
    this.#response = response;
    this.interest = interest;
    this.after = after;
    this.#maxBytes = maxBytes;
  }

  get blocked(): boolean {
    return this.#blockedAt > 0;
  }

  /** It has taken nothing for so long that it must be gone. */
  isDead(now: number): boolean {
    return this.blocked && now - this.#blockedAt > patienceMs;
  }

  /** Writes events to a client that is not blocked. */
  write(events: string | Buffer): void {
    if (this.#response.write(events)) return;
    this.#blockedAt = Date.now();
    this.#response.once('drain', () => this.#drained());
  }

  /** Tells a blocked client later; false when that would be too much to remember. */
  hold(changes: readonly FeatureChange[], position: string): boolean {
    this.#position = position;
    for (const change of changes) {
      const key = `${change.layer}/${change.id}`;
      const known = this.#held?.get(key);
      if (!known && !this.#told(change)) continue;
      const sum = known ? merged(known, change) : change;
      const before = known ? this.#bytes(known) : 0;
      const after = this.#bytes(sum);
      this.#heldBytes += after - before;
      this.#held ??= new Map();
      if (after > 0) this.#held.set(key, sum);
      else this.#held.delete(key);
    }
    return this.#heldBytes <= this.#maxBytes;
  }

  /** Tells it to start over, and lets it go. */
  resync(reason: string, position: string): void {
    this.#leave(plainEvent('resync', { reason, position }, position));
  }

  /** Lets it go, and its connection with it. */
  end(): void {
    this.#response.once('finish', () => this.#response.socket?.end());
    this.#leave('');
  }

  destroy(): void {
    this.#response.destroy();
  }

  #leave(lastEvents: string): void {
    this.#held = undefined;
    const response = this.#response;
    const timer = setTimeout(() => response.destroy(), farewellMs).unref();
    response.once('close', () => clearTimeout(timer));
    response.end(lastEvents);
  }

  #told(change: FeatureChange): string | undefined {
    return tell(change, boxesAt(this.interest, change.layer));
  }

  #bytes(change: FeatureChange): number {
    const text = this.#told(change);
    return text === undefined ? 0 : Buffer.byteLength(text);
  }

  #drained(): void {
    this.#blockedAt = 0;
    while (this.#held && !this.blocked && !this.#response.writableEnded) {
      const portion: string[] = [];
      let bytes = 0;
      for (const change of alarmsFirst([...this.#held.values()])) {
        if (bytes > portionBytes) break;
        const text = this.#told(change)!; // only what is told is held
        bytes += Buffer.byteLength(text);
        portion.push(text);
        this.#held.delete(`${change.layer}/${change.id}`);
      }
      this.#heldBytes -= bytes;
      const rest = this.#held.size;
      if (rest === 0) this.#held = undefined;
      this.write(changeEvent(portion, rest === 0 ? this.#position : undefined));
    }
  }
}
