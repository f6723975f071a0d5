import type { Bbox } from '../../server/registry/catalogue.ts';

type Place = readonly [lon: number, lat: number];

/** What a tile says of a feature; an attribute that is null is absent. Instants are seconds since 1970. */
export type EventProperties = Readonly<Record<string, string | number | boolean>>;

/** One feature that changed, as `GET /events` tells it (`docs/events.md`). Degrees. */
export interface FeatureEvent {
  readonly layer: string;
  readonly op: 'insert' | 'update' | 'leave' | 'delete';
  readonly id: number;
  /** Where it was, if it was elsewhere: a point's place, a shape's box. */
  readonly from?: Place | Bbox;
  /** A box around where it was in between, if that was elsewhere again. */
  readonly passed?: Bbox;
  /** Where a point is now. */
  readonly at?: Place | null;
  /** Where a shape is now. */
  readonly bbox?: Bbox | null;
  readonly properties?: EventProperties;
}

/** How old the server's own picture is: RFC 3339, both by the server's clock. */
interface Age {
  readonly as_of: string;
  readonly now: string;
}

/** An event of the stream; `id` is a position of the change log, `epoch:number`, null for a part of more to come. */
export type LiveEvent = { readonly id: string | null } & (
  | { readonly event: 'ready'; readonly data: Age & { readonly position: string; readonly resumed: boolean } }
  | {
      readonly event: 'change';
      readonly data: { readonly catch_up?: true; readonly features: readonly FeatureEvent[] };
    }
  | { readonly event: 'resync'; readonly data: { readonly reason: string; readonly position: string } }
  | { readonly event: 'ping'; readonly data: Age & { readonly position: string } }
);

/** The names of the events of the stream. */
export const eventNames = ['ready', 'change', 'resync', 'ping'] as const satisfies readonly LiveEvent['event'][];
