import { firstMoment, moment } from '../ingest/observation.ts';
import { Problem } from './problem.ts';

/** A length of time, and how finely it is told. */
export interface SeriesQuery {
  /** Milliseconds since 1970; `from` is in it, `to` is not. */
  readonly from: number;
  readonly to: number;
  /** Seconds that a bucket is long. */
  readonly resolution: number;
}

const dayMs = 86_400_000;
const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
/** Lengths of buckets that people can read off an axis, in seconds. */
const steps = [1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000];

/** How many buckets there are: chosen when nobody says how long they are, and the most that anybody gets. */
export interface Buckets {
  readonly good: number;
  readonly most: number;
  /** The shortest bucket that is chosen, seconds. */
  readonly least?: number;
}

/**
 * What is asked for, by default the last day at a resolution of its own.
 * @throws Problem `bad_request` for what is no time or length, or has more buckets than `most`.
 */
export function seriesQuery(ask: (parameter: string) => string | undefined, buckets: Buckets): SeriesQuery {
  const [fromText, toText, resolutionText = 'auto'] = ['from', 'to', 'resolution'].map(ask);
  const to = toText === undefined ? Date.now() : timeOf('to', toText);
  const from = fromText === undefined ? Math.max(to - dayMs, firstMoment) : timeOf('from', fromText);
  if (from >= to) throw new Problem('bad_request', "'from' is before 'to'.");
  const seconds = (to - from) / 1000;
  const resolution = resolutionText === 'auto' ? fitting(seconds, buckets) : lengthOf(resolutionText);
  if (seconds / resolution > buckets.most) {
    const least = Math.ceil(seconds / buckets.most);
    throw new Problem(
      'bad_request',
      `That are more than ${Math.floor(buckets.most)} buckets: ask for a 'resolution' of ${least}s or more.`,
    );
  }
  return { from, to, resolution };
}

/** A moment as every answer writes it, RFC 3339 in UTC. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString();
}

function timeOf(name: string, text: string): number {
  // A plus sign that was not encoded arrives as a blank.
  const at = moment(text.replace(/ (?=\d\d:?\d\d$)/, '+'));
  if (typeof at === 'string') throw new Problem('bad_request', `'${name}' ${at}.`);
  return at;
}

function fitting(seconds: number, { good, least = 1 }: Buckets): number {
  // One bucket more than the length divided: the range seldom begins where a bucket does.
  return (
    steps.find((step) => step >= least && seconds / step + 1 <= good) ?? Math.ceil(seconds / Math.max(1, good - 1))
  );
}

function lengthOf(text: string): number {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(number) * (units[unit as keyof typeof units] ?? Number.NaN); // NaN for any other letter
  if (!(seconds >= 1)) throw new Problem('bad_request', "'resolution' is auto, or a length of time: 30s, 5m, 1h, 1d.");
  return seconds;
}
