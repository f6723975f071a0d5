import type { Geometry } from 'geojson';
import type { Transaction } from 'kysely';
import type { Entry, Origin } from '../../audit/record.ts';
import type { Database } from '../../database/connect.ts';
import type { Parts } from '../../parts.ts';
import type { View } from '../view.ts';
import type { Part } from './parts.ts';

/** What somebody wants to do with a feature, or with a layer where the action is `create`. */
export interface Wish {
  readonly layer: string;
  readonly action: string;
  /** Absent: `create`. */
  readonly id?: number;
  /** The version that was seen: the `If-Match` header, undefined when there was none. */
  readonly seen?: number | undefined;
  /** Fields by name; `geometry` as GeoJSON. */
  readonly input: Readonly<Record<string, unknown>>;
  /** `edit` only: what is not given becomes null. */
  readonly whole?: boolean;
  readonly reason?: string | undefined;
  readonly caseId?: string | undefined;
}

/** What was done. */
export interface Done {
  readonly layer: string;
  readonly id: number;
  readonly version: number;
  /** Id of the entry in the audit trail, null when nothing was different. */
  readonly audit: number | null;
  /** Names of what changed. */
  readonly changed: readonly string[];
  /** Of a split: what the feature was cut into, the part that keeps its id first. */
  readonly parts?: readonly (Part & { readonly geometry: Geometry })[];
  /** It waits for a second person, and nothing is changed yet. */
  readonly pending?: { readonly id: number; readonly until: string };
}

/** What every act is done with. */
export interface Acting {
  readonly parts: Pick<Parts, 'connection' | 'registry' | 'config'>;
  readonly origin: Origin;
  readonly trx: Transaction<Database>;
  readonly view: View;
  readonly wish: Wish;
}

/** The part of an audit entry that is the same for every act. */
export function entryOf({ layer, action, reason, caseId }: Wish): Entry {
  return { layer, action, reason, caseId };
}
