import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Position } from '../database/change_log.ts';
import type { Connection } from '../database/connect.ts';
import type { Bbox } from '../registry/catalogue.ts';
import { Problem } from '../registry/problem.ts';
import { hidesAttributes, type View } from '../registry/view.ts';
import { ChangeTail } from './change_tail.ts';
import type { Advance, LiveCopy } from './copy.ts';
import { EventClient } from './event_client.ts';
import { changeEvent, plainEvent } from './event_frame.ts';
import { type FeatureChange, tell } from './feature_change.ts';
import { boxesAt, boxesOf, type Interest } from './interest.ts';
import { type Matches, matcherOf } from './matcher.ts';
import { missed } from './missed.ts';
import { type Holder, StreamLimit } from './stream_limit.ts';
import { alarmsFirst, keepShown, ViewChanges } from './view_changes.ts';

const pingMs = 15_000;
/** How long a view is followed for whoever comes back to it. */
const idleMs = 5 * 60_000;
/** Changes that come closer together than this travel together. */
const flushMs = 25;

export interface HubLimits {
  /** Streams that one of them may hold open. */
  readonly per: Readonly<Record<Holder['kind'], number>>;
  /** Bytes kept for a client that cannot take them yet; also the most it is told at once. */
  readonly queueBytes: number;
}

/** What somebody wants to hear of. */
export interface Subscription {
  readonly views: readonly View[];
  readonly bbox: Bbox | undefined;
  /** Layers that he hears of wherever it is, in spite of the box. */
  readonly everywhere: ReadonlySet<string>;
  /** The position up to which he has heard, if he comes back. */
  readonly after: Position | undefined;
  readonly holder: Holder;
}

/** Tells every listener what changes in what he looks at. Each change is written once for each view, not for each listener. */
export class EventHub {
  readonly #live: LiveCopy;
  readonly #limits: HubLimits;
  readonly #views = new Map<string, ViewChanges>();
  readonly #interests = new Map<string, Interest>();
  readonly #open: StreamLimit;
  readonly #pinging: NodeJS.Timeout;
  readonly #unwatch: () => void;
  #tail: ChangeTail;
  #flushing: NodeJS.Timeout | undefined;
  #nextFlush = 0;
  /** Every change up to this number was told. */
  #told: number;
  #closed = false;

  constructor(live: LiveCopy, connection: Connection, log: Logger, limits: HubLimits) {
    this.#live = live;
    this.#limits = limits;
    this.#open = new StreamLimit(limits.per);
    this.#tail = new ChangeTail(connection, log, live);
    this.#told = live.seq;
    this.#unwatch = live.watch({
      advanced: (step) => this.#advanced(step),
      reloaded: () => {
        this.#tail = new ChangeTail(connection, log, live);
        this.#told = live.seq;
        for (const client of this.#clients()) this.#drop(client, 'reloaded');
        this.#views.clear(); // of slots that mean something else now
      },
    });
    this.#pinging = setInterval(() => this.#ping(), pingMs).unref();
  }

  /** Clients that listen now. */
  get size(): number {
    let sum = 0;
    for (const { clients } of this.#interests.values()) sum += clients.size;
    return sum;
  }

  /**
   * Makes a response the stream of a subscription, until either side ends it. `start` writes the response's head; it is
   * called when nothing can go wrong any more.
   * @throws Problem `too_many` (streams of this holder), `not_ready` (the server is ending)
   */
  async open(subscription: Subscription, response: ServerResponse, start: () => void): Promise<void> {
    const { views, after, holder } = subscription;
    if (this.#closed) throw new Problem('not_ready', 'The server is ending.');
    // Who left while it was found out who he is: nothing would ever tell that his stream has ended.
    if (response.destroyed || response.closed) return;
    this.#open.enter(holder, response);
    const matches = await Promise.all(views.map((view) => matcherOf(this.#live, view)));
    await Promise.all(views.map((view) => keepShown(this.#live, view)));
    const isKnown = after === undefined || (await this.#tail.knows(after));
    if (response.destroyed || response.closed) return;
    if (this.#closed) throw new Problem('not_ready', 'The server is ending.');
    start();
    // From here nothing waits: what the client is told first and what it is told next meet exactly.
    this.#attach(subscription, matches, isKnown, response);
  }

  /** Throws Problem `too_many` when a holder has all the streams that he may have. */
  admits(holder: Holder): void {
    this.#open.admit(holder);
  }

  /** Ends all streams; clients come back by themselves. */
  close(): void {
    this.#closed = true;
    this.#unwatch();
    clearInterval(this.#pinging);
    clearTimeout(this.#flushing);
    for (const client of this.#clients()) {
      this.#remove(client);
      client.end();
    }
  }

  #attach(subscription: Subscription, matches: readonly (Matches | undefined)[], isKnown: boolean, to: ServerResponse) {
    const { after } = subscription;
    const { position, seq } = this.#live;
    const interest = this.#interest(subscription, matches);
    const changes = after && isKnown ? this.#missed(interest, after) : [];
    const resumed = after !== undefined && isKnown && changes !== undefined;
    const client = new EventClient(to, interest, resumed ? Math.max(after.seq, seq) : seq, this.#limits.queueBytes);
    interest.clients.add(client);
    to.once('close', () => this.#remove(client));

    // Spread, so that those who lost their connection together do not come back together.
    let events = `retry: ${1000 + Math.floor(Math.random() * 2000)}\n\n`;
    const at = resumed ? `${after.epoch}:${after.seq}` : position;
    events += plainEvent('ready', { position: at, resumed, ...this.#age() }, at);
    if (after && !resumed) events += plainEvent('resync', { reason: 'too_old', position }, position);
    if (changes && changes.length > 0) events += changeEvent(changes, position, true);
    client.write(events);
  }

  /** What somebody who heard the last at `after` has missed; undefined when he must start over. */
  #missed(interest: Interest, after: Position): readonly string[] | undefined {
    if (after.seq > this.#live.seq) return []; // heard from a process that is ahead of this one
    const changes = this.#tail.since(after.seq);
    const texts = changes && missed(interest, changes, after.seq);
    const bytes = texts?.reduce((sum, text) => sum + Buffer.byteLength(text), 0) ?? 0;
    return bytes > this.#limits.queueBytes ? undefined : texts;
  }

  #interest({ views, bbox, everywhere }: Subscription, matches: readonly (Matches | undefined)[]): Interest {
    const key = `${views.map((view) => view.key).join('|')}@${bbox?.join(',') ?? ''}@${bbox ? [...everywhere].toSorted().join(',') : ''}`;
    const known = this.#interests.get(key);
    if (known) return known;
    const changes = views.map((view, i) => {
      const made =
        this.#views.get(view.key) ?? new ViewChanges(this.#live.layer(view.layer.id), view, matches[i], this.#live.seq);
      made.idleSince = undefined;
      this.#views.set(view.key, made);
      return made;
    });
    const interest = { key, views: changes, boxes: bbox && boxesOf(bbox), everywhere, clients: new Set<EventClient>() };
    this.#interests.set(key, interest);
    return interest;
  }

  #advanced({ changes, touched }: Advance): void {
    this.#tail.add(changes);
    let isQuiet = true;
    for (const view of this.#views.values()) {
      view.note(touched.get(view.live) ?? [], this.#live.seq);
      isQuiet &&= view.isEmpty;
    }
    if (isQuiet) this.#told = this.#live.seq;
    else this.#flushing ??= setTimeout(() => this.#flush(), Math.max(0, this.#nextFlush - performance.now()));
  }

  #flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    const start = performance.now();
    const taken = new Map<ViewChanges, readonly FeatureChange[]>();
    for (const view of this.#views.values()) if (!view.isEmpty) taken.set(view, view.take());
    for (const interest of this.#interests.values()) {
      const changes = alarmsFirst(interest.views.flatMap((view) => taken.get(view) ?? []));
      if (changes.length > 0) this.#deliver(interest, changes);
    }
    this.#told = this.#live.seq;
    // Half of the time at most: tiles and requests want the other half.
    const end = performance.now();
    this.#nextFlush = Math.max(start + flushMs, end + (end - start));
  }

  #deliver(interest: Interest, changes: readonly FeatureChange[]): void {
    const { position } = this.#live;
    const frameOf = (told: readonly FeatureChange[]) => {
      const texts = told.flatMap((change) => tell(change, boxesAt(interest, change.layer)) ?? []);
      return Buffer.from(texts.length > 0 ? changeEvent(texts, position) : '');
    };
    let whole: Buffer | undefined;
    for (const client of interest.clients) {
      // Who came between two flushes has heard a part of this.
      const own = client.after > this.#told ? changes.filter(({ seq }) => seq > client.after) : changes;
      if (client.blocked) {
        if (!client.hold(own, position)) this.#drop(client, 'too_slow');
        continue;
      }
      if (own === changes) whole ??= frameOf(changes);
      const frame = own === changes ? whole! : frameOf(own);
      if (frame.length > this.#limits.queueBytes) this.#drop(client, 'too_much');
      else if (frame.length > 0) client.write(frame);
    }
  }

  #ping(): void {
    if (this.#flushing) this.#flush();
    const now = Date.now();
    for (const [key, { idleSince }] of this.#views)
      if (idleSince !== undefined && now - idleSince > idleMs) this.#views.delete(key);
    const { position, seq } = this.#live;
    const data = { position, ...this.#age() };
    const events = Buffer.from(plainEvent('ping', data, position));
    for (const client of this.#clients()) {
      if (client.isDead(now)) client.destroy();
      else if (!client.blocked) client.write(client.after > seq ? plainEvent('ping', data) : events);
    }
  }

  /** When the database last answered, and the time now by the same clock: a client's own may be minutes off. */
  #age(): { as_of: string; now: string } {
    return { as_of: new Date(this.#live.asOf).toISOString(), now: new Date().toISOString() };
  }

  #drop(client: EventClient, reason: string): void {
    this.#remove(client);
    client.resync(reason, this.#live.position);
  }

  #remove(client: EventClient): void {
    const { interest } = client;
    interest.clients.delete(client);
    if (interest.clients.size > 0 || this.#interests.get(interest.key) !== interest) return;
    this.#interests.delete(interest.key);
    const wanted = new Set([...this.#interests.values()].flatMap(({ views }) => views));
    for (const [key, view] of this.#views)
      if (!wanted.has(view)) {
        // What one hides it can say of nobody's absence but by having looked on meanwhile.
        if (hidesAttributes(view.view)) view.idleSince ??= Date.now();
        else this.#views.delete(key);
      }
  }

  *#clients(): Generator<EventClient> {
    for (const { clients } of [...this.#interests.values()]) yield* [...clients];
  }
}
