import type { ManyDone, OneOutcome } from '../../server/registry/actions/bulk.ts';
import { featureAddress, type LayerFeature } from '../api/feature.ts';
import { fetchJson, RequestFailed } from '../api/fetch_json.ts';
import { sendMany } from './send_act.ts';
import { overlapOf, versionOf } from './submit_act.ts';

/** An action that many features of a layer are asked for. */
export interface ManyWish {
  readonly layer: string;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

/** What became, or would become, of each feature, in the order asked. */
export interface ToldOfMany extends ManyDone {
  /** As they were last seen. */
  readonly features: ReadonlyMap<number, LayerFeature>;
}

const batchSize = 100;
const mostTries = 6;

/**
 * Does an action with many features, or tries it, a batch at a time. A device that reported meanwhile is no conflict, as
 * long as it said nothing of what is to be changed: then the version is taken anew, as `submitAct` does. `told`: how many
 * have their answer. Throws RequestFailed; what was answered until then is told by `kept`.
 */
export async function sendToMany(
  wish: ManyWish,
  features: readonly LayerFeature[],
  preview: boolean,
  told: (count: number) => void,
  kept: (so_far: ToldOfMany) => void = () => {},
): Promise<ToldOfMany> {
  const results: OneOutcome[] = [];
  const seen = new Map(features.map((feature) => [feature.id, feature]));
  for (let at = 0; at < features.length; at += batchSize) {
    results.push(...(await sendBatch(wish, features.slice(at, at + batchSize), preview, seen)));
    told(results.length);
    kept(summed(results, preview, seen));
  }
  return summed(results, preview, seen);
}

async function sendBatch(
  wish: ManyWish,
  batch: readonly LayerFeature[],
  preview: boolean,
  seen: Map<number, LayerFeature>,
): Promise<readonly OneOutcome[]> {
  const { layer, action, input, reason } = wish;
  const outcomes = new Map<number, OneOutcome>();
  let open = batch;
  for (let tries = 1; open.length > 0; tries++) {
    const { results } = await sendMany(`/api/layers/${layer}/actions/${action}`, {
      ...{ input, preview },
      ...(reason !== '' && { reason }),
      features: open.map((feature) => ({ id: feature.id, version: versionOf(feature) })),
    });
    for (const each of results) outcomes.set(each.id, each);
    if (tries === mostTries) break;
    const reported = new Set(results.filter(isDevice).map(({ id }) => id));
    open = await renewed(
      layer,
      input,
      open.filter(({ id }) => reported.has(id)),
    );
    for (const feature of open) seen.set(feature.id, feature);
  }
  return batch.flatMap(({ id }) => outcomes.get(id) ?? []);
}

/** Refused because the version is another, and nobody changed it but a device. */
function isDevice({ outcome, problem }: OneOutcome): boolean {
  const { status, changes }: { status?: number; changes?: unknown } = { ...problem };
  return outcome === 'refused' && status === 412 && Array.isArray(changes) && changes.length === 0;
}

/** The features as they are now, of which nothing differs that is to be changed; a few at a time. */
async function renewed(
  layer: string,
  input: ManyWish['input'],
  features: readonly LayerFeature[],
): Promise<readonly LayerFeature[]> {
  const found: LayerFeature[] = [];
  const waiting = [...features];
  const readNext = async (): Promise<void> => {
    for (let base = waiting.shift(); base; base = waiting.shift()) {
      const fresh = await fetchJson<LayerFeature>(featureAddress({ layer, id: base.id })).catch((error: unknown) => {
        // Gone meanwhile: the answer that it has already stays.
        if (error instanceof RequestFailed && error.status === 404) return null;
        throw error;
      });
      if (fresh && overlapOf(input, base, fresh).length === 0) found.push(fresh);
    }
  };
  await Promise.all(Array.from({ length: 6 }, readNext));
  return found;
}

function summed(
  results: readonly OneOutcome[],
  preview: boolean,
  features: ReadonlyMap<number, LayerFeature>,
): ToldOfMany {
  const count = (outcome: OneOutcome['outcome']) => results.filter((each) => each.outcome === outcome).length;
  return {
    ...{ preview, features, results: [...results] },
    ...{ done: count('done'), unchanged: count('unchanged'), refused: count('refused') },
  };
}
