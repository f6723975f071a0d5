import type { MultiPolygon, Polygon } from 'geojson';
import type { Kysely, Transaction } from 'kysely';
import type { Config } from '../../config.ts';
import type { Database } from '../../database/connect.ts';
import type { Bilingual } from '../../registry/attribute.ts';
import type { Value } from '../observation.ts';

/** What an address answered. */
export interface Payload {
  readonly url: string;
  readonly bytes: Uint8Array;
}

/** Where a record is, in degrees: a point, or all shapes that are notified together (circles by centre and radius). */
type Place =
  | { readonly lon: number; readonly lat: number }
  | {
      readonly shapes: readonly (Polygon | MultiPolygon)[];
      readonly circles: readonly (readonly [lon: number, lat: number, radiusKm: number])[];
    };

/** One thing that a feed tells of. */
export interface FeedRecord {
  /** The row's `code`: the same thing always has the same one. */
  readonly key: string;
  /** RFC 3339 in UTC. */
  readonly observedAt: string;
  /** By attribute; null and absent leave what is known. */
  readonly values: Readonly<Record<string, Value>>;
  readonly place: Place | null;
}

/** What could not be used, and why. */
export interface FeedFault {
  readonly key: string | null;
  readonly reason: string;
  /** The record as it came. */
  readonly record?: unknown;
}

export interface Parsed {
  readonly records: readonly FeedRecord[];
  readonly faults: readonly FeedFault[];
  /** Keys of what it says is over or replaced: gone for good. */
  readonly ended?: readonly string[];
  /** All keys there are, where the payload is a picture of the whole: what is missing has ended. */
  readonly present?: readonly string[];
}

/** An outside source that is asked on a schedule. */
export interface Feed {
  /** File name and key of the schedule. */
  readonly id: string;
  readonly title: Bilingual;
  /** Whom the data are from, as their licence wants it said. */
  readonly attribution: string;
  /** Id of the layer it fills. */
  readonly layer: string;
  readonly everyMinutes: number;
  /** A source that fails is asked ever more seldom, but never less often than this; absent: once an hour. */
  readonly mostPauseMinutes?: number;
  readonly urls: readonly string[];
  /**
   * Where each thing is asked for by itself: the addresses that there are now, made from `urls`. A pull asks for some of
   * them, those first that were not heard for longest, and for none again within `refreshMinutes`.
   * @throws Error with the reason when there is nothing to ask for.
   */
  addresses?(db: Kysely<Database>, config: Config, urls: readonly string[]): Promise<readonly string[]>;
  readonly refreshMinutes?: number;
  /** Records that do not touch `REGION_BBOX` are counted and left out, or kept wherever they are. */
  readonly within: 'region' | 'anywhere';
  /** A record says all there is to say: what it leaves null is null, instead of what was known. */
  readonly replaces?: boolean;
  /** Where `urls` answer with lists of files: the files, which never change and are fetched once. */
  list?(payload: Payload): { readonly urls: readonly string[]; readonly faults: readonly FeedFault[] };
  /** Throws an Error with the reason when the payload as a whole is not what it should be. */
  parse(payload: Payload): Parsed;
  /** What is kept of a payload for 30 days, where that is not all of it: what leads to a person is not ours to keep. */
  kept?(payload: Payload): Uint8Array;
  /** Brings rows up to the present moment, where they tell of it, without asking anybody. */
  advance?(trx: Transaction<Database>): Promise<void>;
}

/** A text of at most `max` characters: a long one is cut, because a warning is worth more than its last words. */
export function clipped(text: string | undefined, max: number): string | null {
  if (text === undefined) return null;
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}
