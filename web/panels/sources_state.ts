import type { FeedReport } from '../../server/ingest/pull/feed_reports.ts';

/** How a feed does, in one word. */
export type SourceState = 'off' | 'paused' | 'failing' | 'unreachable' | 'overdue' | 'waiting' | 'good';

/** The word for a feed: what nobody answers at is no fault of anybody here. */
export function sourceState({ enabled, paused, failures, failure, overdue, age }: FeedReport): SourceState {
  if (!enabled) return 'off';
  if (paused) return 'paused';
  if (failures > 0) return failure === 'unreachable' ? 'unreachable' : 'failing';
  if (overdue) return 'overdue';
  return age === null ? 'waiting' : 'good';
}

const troubled: readonly SourceState[] = ['failing', 'unreachable', 'overdue'];

/** What the status bar says of all feeds: nothing when all is well. */
export type SourcesTrouble =
  | { readonly kind: 'no_network'; readonly age: number | null }
  | { readonly kind: 'one'; readonly feed: FeedReport }
  | { readonly kind: 'many'; readonly count: number };

/**
 * The trouble that there is with feeds: one of them (which fails, or should have been pulled long ago), several, or no network
 * at all: nobody answers at several (or the only one), and none was heard since. `age` is then how long ago the last of them was heard, in seconds.
 */
export function sourcesTrouble(feeds: readonly FeedReport[]): SourcesTrouble | undefined {
  const asked = feeds.filter(({ enabled, paused }) => enabled && !paused);
  const failing = asked.filter((feed) => troubled.includes(sourceState(feed)));
  const [first] = failing;
  if (!first) return undefined;
  const askedAt = Math.min(...failing.map(({ lastRun }) => time(lastRun)));
  const isAlone = failing.length === 1 && asked.length > 1;
  const isHeard = asked.some(({ lastSuccess }) => time(lastSuccess) > askedAt);
  if (!isAlone && !isHeard && failing.every((feed) => sourceState(feed) === 'unreachable')) {
    const ages = asked.flatMap(({ age }) => (age === null ? [] : [age]));
    return { kind: 'no_network', age: ages.length > 0 ? Math.min(...ages) : null };
  }
  return failing.length === 1 ? { kind: 'one', feed: first } : { kind: 'many', count: failing.length };
}

const time = (text: string | null) => (text === null ? 0 : Date.parse(text));
