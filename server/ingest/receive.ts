import type { Parts } from '../parts.ts';
import type { Layer } from '../registry/layer.ts';
import type { Entry } from './body.ts';
import { type Observation, observationReader } from './observation.ts';
import { observe } from './observe.ts';

/** What became of the records of one message; the four counts add up to their number. */
export interface Receipt {
  accepted: number;
  /** Of the same code and time as one that is there. */
  known: number;
  /** Kept in the series as suspect, not shown. */
  suspect: number;
  /** `index` counts from 0 in the message; `code` null where it cannot be told. */
  readonly rejected: { readonly index: number; readonly code: string | null; readonly reason: string }[];
}

const readers = new WeakMap<Layer, ReturnType<typeof observationReader>>();

/**
 * Takes the records of one message into a layer; resolves when what is accepted is durable. `agency`: of the sender's key,
 * which writes no other agency's things. Throws as `observe`.
 */
export async function receive(
  { connection, config }: Pick<Parts, 'connection' | 'config'>,
  layer: Layer,
  entries: readonly Entry[],
  { partial = false, agency }: { partial?: boolean; agency?: string | undefined } = {},
): Promise<Receipt> {
  const read = readers.get(layer) ?? observationReader(layer, config.REGION_BBOX);
  readers.set(layer, read);
  const receipt: Receipt = { accepted: 0, known: 0, suspect: 0, rejected: [] };
  const observations: Observation[] = [];
  const places: number[] = [];
  const now = Date.now();
  for (const [index, entry] of entries.entries()) {
    const result = 'fault' in entry ? { code: null, reason: entry.fault } : read(entry.record, now, partial);
    if ('reason' in result) receipt.rejected.push({ index, ...result });
    else {
      observations.push(agency === undefined ? result : { ...result, agency });
      places.push(index);
    }
  }
  if (observations.length > 0) {
    const verdicts = await observe(connection, layer, observations);
    for (const [i, verdict] of verdicts.entries()) {
      if (typeof verdict === 'string') receipt[verdict]++;
      else receipt.rejected.push({ index: places[i]!, code: observations[i]!.code, reason: verdict.reason });
    }
    receipt.rejected.sort((a, b) => a.index - b.index);
  }
  return receipt;
}
