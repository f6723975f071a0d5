import type { Done } from '../../server/registry/actions/acting.ts';
import type { OthersChange } from '../../server/registry/actions/conflict.ts';
import { featureAddress, type LayerFeature } from '../api/feature.ts';
import { fetchJson, RequestFailed } from '../api/fetch_json.ts';
import { actAddress, sendAct } from './send_act.ts';

/** Something that is to be done with a feature as it was seen. */
export interface Wished {
  readonly layer: string;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly reason: string;
  /** The feature as whoever acts saw it; null: it is being added. */
  readonly base: LayerFeature | null;
}

/** Somebody else was faster. */
export interface Conflict {
  /** The feature as it is now. */
  readonly fresh: LayerFeature;
  readonly changes: readonly OthersChange[];
  /** What both change. */
  readonly overlap: readonly string[];
}

const mostTries = 6;

/** What a feature would be cut into: the part that keeps its id first. Nothing is done. Throws RequestFailed. */
export async function trySplit({ layer, action, input, base }: Wished & { readonly base: LayerFeature }) {
  // Cut as it is now, whatever a device said since it was read.
  const fresh = await fetchJson<LayerFeature>(featureAddress({ layer, id: base.id }));
  const { parts = [] } = await sendAct(actAddress(layer, base.id, action), { input, preview: true }, versionOf(fresh));
  return parts.map(({ geometry }) => geometry);
}

/**
 * Does it, or answers the conflict. A device that reported meanwhile is none, as long as it said nothing of what is to be
 * changed: then the version is taken anew. Throws RequestFailed.
 */
export async function submitAct({ layer, action, input, reason, base }: Wished): Promise<Done | Conflict> {
  const body = { input, ...(reason !== '' && { reason }) };
  if (!base) return sendAct(`/api/layers/${layer}/features`, body);
  let seen = versionOf(base);
  for (let tries = 1; ; tries++) {
    try {
      return await sendAct(actAddress(layer, base.id, action), body, seen);
    } catch (error) {
      if (!(error instanceof RequestFailed) || error.status !== 412) throw error;
      const fresh = await fetchJson<LayerFeature>(featureAddress({ layer, id: base.id })).catch(() => {
        throw error;
      });
      const overlap = overlapOf(input, base, fresh);
      const { changes } = error.problem;
      const others: readonly OthersChange[] = Array.isArray(changes) ? changes : []; // none: a device did
      if (others.length > 0 || overlap.length > 0) return { fresh, changes: others, overlap };
      if (tries === mostTries) throw error;
      seen = versionOf(fresh);
    }
  }
}

/** What an input changes of a feature that is different by now. */
export function overlapOf(input: Wished['input'], base: LayerFeature, fresh: LayerFeature): string[] {
  const changed = changedSince(base, fresh);
  // A line was drawn across the shape as it was.
  const keys = 'cut' in input ? [...Object.keys(input), 'geometry'] : Object.keys(input);
  return keys.filter((key) => changed.includes(key));
}

/** What is different between two states of a feature; `geometry` for its place. */
export function changedSince(base: LayerFeature, fresh: LayerFeature): string[] {
  const keys = Object.keys(fresh.properties).filter((key) => fresh.properties[key] !== base.properties[key]);
  const moved = JSON.stringify(fresh.geometry) !== JSON.stringify(base.geometry);
  return moved ? [...keys, 'geometry'] : keys;
}

/** The version of a feature as it was read. */
export function versionOf({ properties }: LayerFeature): number {
  return Number(properties.version);
}
