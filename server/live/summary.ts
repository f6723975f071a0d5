import type { Bbox, Summary } from '../registry/catalogue.ts';
import { severities } from '../registry/severity.ts';
import type { View } from '../registry/view.ts';
import type { LiveLayer } from './live_layer.ts';
import type { Matches } from './matcher.ts';

/** Counts what a view shows of a layer: rows, places, sources, states, extent, newest observation. One pass. */
export function summarise(live: LiveLayer, view: View, matches: Matches | undefined): Summary {
  const source = live.reader.text('source');
  const bySource = new Map<number, number>();
  const bySeverity = new Uint32Array(severities.length);
  let count = 0;
  let located = 0;
  let newest = Number.NEGATIVE_INFINITY;
  let west = 180;
  let south = 90;
  let east = -180;
  let north = -90;
  for (const slot of live.slots()) {
    if (matches && !matches(slot)) continue;
    count++;
    const id = source.id(slot);
    bySource.set(id, (bySource.get(id) ?? 0) + 1);
    bySeverity[live.severity(slot)]!++;
    const at = live.observedAt(slot);
    if (at > newest) newest = at;
    const box = live.places.bbox(slot);
    if (!box) continue;
    located++;
    if (box[0] < west) west = box[0];
    if (box[1] < south) south = box[1];
    if (box[2] > east) east = box[2];
    if (box[3] > north) north = box[3];
  }
  const bbox: Bbox | null = located > 0 ? [west, south, east, north] : null;
  return {
    count,
    unlocated: count - located,
    bbox,
    newest: newest === Number.NEGATIVE_INFINITY ? null : new Date(newest).toISOString(),
    sources: Object.fromEntries([...bySource].filter(([id]) => id > 0).map(([id, n]) => [source.value(id), n])),
    states:
      live.layer.state && view.showsState
        ? Object.fromEntries(
            severities.map((severity, rank) => [severity, bySeverity[rank]!] as const).filter(([, n]) => n > 0),
          )
        : {},
  };
}
