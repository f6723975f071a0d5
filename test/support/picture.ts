import { hash } from 'node:crypto';
import type { LiveCopy } from '../../server/live/copy.ts';
import type { LiveLayer } from '../../server/live/live_layer.ts';
import { columnKinds } from '../../server/live/packed_rows.ts';

/** Everything a copy knows of a layer, in an order of its own: rows by id with all columns, clusters by zoom and cell. */
export function picture(live: LiveLayer): unknown {
  const keys = live.columns.keys.toSorted();
  const kinds = columnKinds(live.layer);
  const rows = [...live.slots()].map((slot) => [
    live.id(slot),
    live.places.geometry(slot),
    live.severity(slot),
    ...keys.map((key) => {
      if (kinds.get(key) !== 'text') return live.columns.number(key)(slot);
      const { id, value } = live.columns.text(key);
      return id(slot) === 0 ? null : value(id(slot));
    }),
  ]);
  const pyramid = live.places.kind === 'points' ? live.places.pyramid : undefined;
  const clusters = Array.from({ length: pyramid ? live.layer.fullZoom : 0 }, (_, z) =>
    [...pyramid!.level(z)]
      .toSorted(([a], [b]) => a - b)
      .map(([key, { sumSlot, ...cell }]) => [key, cell, cell.count === 1 ? live.id(sumSlot) : null]),
  );
  return { size: live.size, rows: rows.toSorted((a, b) => Number(a[0]) - Number(b[0])), clusters };
}

/** A short name for the pictures of all layers of a copy: equal copies have the same, in any process. */
export function pictureHash(live: LiveCopy): string {
  const pictures = [...live.layers].map((of) => [of.layer.id, picture(of)]);
  return hash('sha1', JSON.stringify(pictures));
}
