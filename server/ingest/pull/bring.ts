import type { Kysely } from 'kysely';
import type { Config } from '../../config.ts';
import type { Database } from '../../database/connect.ts';
import type { Feed, FeedFault, Parsed, Payload } from './feed.ts';
import { FetchFailure, fetchPayload, type Validators } from './fetch.ts';
import { knownUrls } from './keep.ts';
import type { Turn } from './schedule.ts';

/** Files of a list fetched in one pull: BMKG allows 60 requests a minute. The rest comes with the next one. */
const maxFiles = 40;
/** The same, of things that are asked for by themselves: other feeds may ask the same source meanwhile. */
const maxAddresses = 10;
/** Addresses in a row that nobody answers at, after which there is no network. */
const enoughSilence = 3;

/** What a pull brought. */
export interface Brought {
  /** Addresses that answered, also with nothing new. */
  heard: number;
  readonly payloads: Payload[];
  readonly parsed: Parsed[];
  readonly faults: FeedFault[];
  /** What came and could not be read, and why. */
  readonly unusable: { readonly payload: Payload; readonly reason: string }[];
  /** By address; empty where not all of it came, so that it is asked for again. */
  readonly validators: Record<string, Validators>;
  /** How long the source wants to be left alone. */
  retryAfterMs: number;
}

/** A pull that has brought nothing yet. */
export function nothingYet(): Brought {
  return { heard: 0, payloads: [], parsed: [], faults: [], unusable: [], validators: {}, retryAfterMs: 0 };
}

/** What ends a pull before all was asked: the process ends, and nothing may stay; its time is over, and what came counts. */
export interface Limits {
  readonly ending: AbortSignal;
  readonly over: AbortSignal;
}

/** Fetches what a turn's feed has into `brought`, which also holds what came before a failure. @throws FetchFailure */
export async function bring(
  db: Kysely<Database>,
  config: Config,
  turn: Turn,
  brought: Brought,
  limits: Limits,
): Promise<void> {
  const { feed } = turn;
  const signal = AbortSignal.any([limits.ending, limits.over]);
  const urls = await addressesOf(db, config, turn);
  const failures: unknown[] = [];
  let silence = 0;
  for (const url of urls) {
    try {
      const fetched = await fetchPayload(url, turn.validators[url], signal);
      silence = 0;
      const heard = feed.addresses && { heard: new Date().toISOString() };
      if (!fetched) {
        brought.validators[url] = { ...turn.validators[url], ...heard };
        brought.heard++;
        continue;
      }
      const payload = { url, bytes: fetched.bytes };
      let whole = true;
      if (feed.list) whole = await bringFiles(db, feed, payload, brought, limits);
      else brought.parsed.push(parse(feed, payload, brought));
      brought.payloads.push(payload);
      brought.validators[url] = whole ? { ...fetched.validators, ...heard } : {};
      brought.heard++;
    } catch (error) {
      if (limits.ending.aborted) throw error;
      failures.push(error);
      if (limits.over.aborted) break;
      brought.faults.push(faultOf(url, error));
      silence = silenceAfter(error, silence);
      if (isEnough(error, silence, brought)) break;
    }
  }
  // One of several addresses that fails is a fault; when all of them do, the feed has failed.
  if (failures.length > 0 && brought.heard === 0) throw named(failures[0], feed.urls);
}

/** How many addresses in a row nobody answered at. */
function silenceAfter(error: unknown, silence: number): number {
  return error instanceof FetchFailure && error.kind === 'unreachable' ? silence + 1 : silence;
}

/** Whether the source wants to be left alone, which is noted, or there is nobody: the others are asked another time. */
function isEnough(error: unknown, silence: number, brought: Brought): boolean {
  const wish = error instanceof FetchFailure ? error.retryAfterMs : undefined;
  brought.retryAfterMs = Math.max(brought.retryAfterMs, wish ?? 0);
  return wish !== undefined || silence >= enoughSilence;
}

/** The addresses to ask at now: all, or of those that are asked for by themselves the ones not heard for longest. */
async function addressesOf(
  db: Kysely<Database>,
  config: Config,
  { feed, validators }: Turn,
): Promise<readonly string[]> {
  if (!feed.addresses) return feed.urls;
  const all = await feed.addresses(db, config, feed.urls).catch((error: unknown) => {
    throw new FetchFailure('not_ready', error instanceof Error ? error.message : String(error));
  });
  const heard = (url: string) => Date.parse(validators[url]?.heard ?? '') || 0;
  const due = Date.now() - (feed.refreshMinutes ?? 0) * 60_000;
  return all
    .filter((url) => heard(url) <= due)
    .toSorted((a, b) => heard(a) - heard(b))
    .slice(0, maxAddresses);
}

/** The files that a list names and that were not fetched before; whether all of them came. Those that did count. */
async function bringFiles(
  db: Kysely<Database>,
  feed: Feed,
  list: Payload,
  brought: Brought,
  limits: Limits,
): Promise<boolean> {
  const signal = AbortSignal.any([limits.ending, limits.over]);
  const named = readable(list, brought, () => feed.list?.(list) ?? { urls: [], faults: [] });
  brought.faults.push(...named.faults);
  const { host } = new URL(list.url);
  const own = [...new Set(named.urls)].filter((url) => {
    // A list must not make this server ask its neighbours.
    const isOwn = new URL(url).host === host;
    if (!isOwn) brought.faults.push({ key: null, reason: `lists a file of another host: ${url}` });
    return isOwn;
  });
  const known = await knownUrls(db, feed, own);
  const wanted = own.filter((url) => !known.has(url));
  let whole = wanted.length <= maxFiles;
  let silence = 0;
  for (const url of wanted.slice(0, maxFiles)) {
    try {
      const fetched = await fetchPayload(url, undefined, signal);
      silence = 0;
      if (!fetched) continue;
      const payload = { url, bytes: fetched.bytes };
      try {
        brought.parsed.push(parse(feed, payload, brought));
        brought.payloads.push(payload);
      } catch (error) {
        // Kept all the same: asked for again it would be no better.
        brought.faults.push(faultOf(url, error));
      }
    } catch (error) {
      if (limits.ending.aborted) throw error;
      whole = false;
      if (limits.over.aborted) break;
      brought.faults.push(faultOf(url, error));
      silence = silenceAfter(error, silence);
      if (isEnough(error, silence, brought)) break;
    }
  }
  return whole;
}

function parse(feed: Feed, payload: Payload, brought: Brought): Parsed {
  return readable(payload, brought, () => feed.parse(payload));
}

function readable<T>(payload: Payload, brought: Brought, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    brought.unusable.push({ payload, reason });
    throw new FetchFailure('unusable', reason);
  }
}

function faultOf(url: string, error: unknown): FeedFault {
  return { key: url, reason: error instanceof Error ? error.message : String(error) };
}

/** Which host it was. */
function named(error: unknown, urls: readonly string[]): Error {
  const { host } = new URL(urls[0] ?? 'http://unknown');
  if (!(error instanceof FetchFailure)) return error instanceof Error ? error : new Error(String(error));
  return new FetchFailure(error.kind, `${host} ${error.message}`, error.retryAfterMs);
}
