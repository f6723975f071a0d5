import type { Fleet, Observation } from './city.ts';
import type { Door } from './door.ts';

/** Layers that people act on too. Something new begins for one of its things with `begins`, when it is at rest. */
const attended: ReadonlyMap<string, { readonly begins?: string; readonly atRest: readonly unknown[] }> = new Map([
  ['panic_button', { begins: 'pressed', atRest: ['idle', 'silent', 'closed', 'false_alarm'] }],
  ['complaint', { atRest: [] }],
]);

/** What is left of a batch when nothing is said of what people took in hand. */
export type HandsOff = (layer: string, batch: readonly Observation[]) => Promise<readonly Observation[]>;

/**
 * Keeps the simulator off what somebody in the room does: before a state is said, the server is asked whether the thing
 * still has the one that it was left in. Where not, the thing is theirs until something new begins.
 */
export function handsOff({ things }: Pick<Door, 'things'>, fleet: Fleet): HandsOff {
  const left = new Map<string, unknown>();
  for (const layer of attended.keys())
    for (const { code, values } of fleet.get(layer) ?? []) left.set(`${layer} ${code}`, values.state);
  const theirs = new Set<string>();
  return async (layer, batch) => {
    const rules = attended.get(layer);
    const known = batch.filter(({ code, state }) => state !== undefined && left.has(`${layer} ${code}`));
    const shown = new Map<string, unknown>();
    if (rules && known.length > 0)
      for (const { code, values } of await things(
        layer,
        known.map(({ code }) => code),
      ))
        shown.set(code, values.state);
    return batch.filter(({ code, state }) => {
      if (!rules || state === undefined) return true;
      const key = `${layer} ${code}`;
      if (left.has(key) && shown.get(code) !== left.get(key)) theirs.add(key);
      if (state === rules.begins && rules.atRest.includes(shown.get(code))) theirs.delete(key);
      if (theirs.has(key)) return false;
      left.set(key, state);
      return true;
    });
  };
}
