import { type Area, areaAround, covers, type Part } from './area.ts';
import { earlier } from './position.ts';

/** What one tab listens to, and the position from which it has missed nothing of it. */
export interface Need {
  readonly tab: string;
  readonly layers: readonly string[];
  readonly since: string;
  readonly part: Part;
}

/** A tab says again what it needs, less often when it is in the background; one that was not heard of is gone. */
const forgottenMs = 150_000;

/** What all tabs need, put together for the one that holds the connection. */
export interface Needs {
  readonly say: (need: Need, now: number) => void;
  readonly leave: (tab: string) => void;
  /** The layers of all tabs, sorted. */
  readonly layers: (now: number) => readonly string[];
  /** Where they all together listen. */
  readonly area: (now: number) => Area | null;
  /** Whether a stream of these layers, in an area, lacks something. */
  readonly exceed: (layers: readonly string[], area: Area | null, now: number) => boolean;
  /** Where a stream must begin that goes on from `known`: earlier where a layer is new to it. */
  readonly begin: (known: string | null, heard: readonly string[]) => string | null;
}

/** Collects needs. */
export function needs(): Needs {
  const byTab = new Map<string, Need & { readonly at: number }>();
  function layers(now: number) {
    for (const [tab, { at }] of byTab) if (now - at > forgottenMs) byTab.delete(tab);
    return [...new Set([...byTab.values()].flatMap((need) => need.layers))].toSorted();
  }
  function area(now: number) {
    layers(now); // without the tabs that are gone
    return areaAround([...byTab.values()].map(({ part }) => part));
  }
  return {
    say(need, now) {
      const known = byTab.get(need.tab);
      // Said again, it is the old need: it holds from when it was first said.
      const same = known && known.layers.join() === need.layers.join();
      byTab.set(need.tab, { ...need, ...(same && { since: known.since }), at: now });
    },
    leave: (tab) => void byTab.delete(tab),
    layers,
    area,
    exceed: (heard, at, now) => layers(now).some((layer) => !heard.includes(layer)) || !covers(at, area(now)),
    begin(known, heard) {
      let at = known;
      for (const need of byTab.values()) {
        if (known !== null && need.layers.every((layer) => heard.includes(layer))) continue;
        at = at === null ? need.since : earlier(need.since, at);
      }
      return at;
    },
  };
}
