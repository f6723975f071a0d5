import { latitude, longitude, type WorldBox } from '../../tiles/mercator.ts';
import { severities } from '../registry/severity.ts';
import { hidesAttributes, type View } from '../registry/view.ts';
import type { LiveCopy } from './copy.ts';
import { anywhere, around, type FeatureChange, same } from './feature_change.ts';
import { jsonDegrees, jsonPlace, jsonProperties } from './json_columns.ts';
import type { LiveLayer, Touched } from './live_layer.ts';
import type { Matches } from './matcher.ts';

const critical = severities.indexOf('critical');

/** Common columns that tell nothing of what a view hides; `version` and `updated_at` count every change. */
const common = ['code', 'agency', 'area_code', 'source', 'observed_at'];

/** The columns whose change is one for every viewer of a view. */
function shownColumns(view: View): readonly string[] {
  return [...common, ...[...view.attributes.keys()].filter((key) => !view.masks.has(key))];
}

/** Rows beyond which what no tile carries is not kept for comparing alone: such a change is then told with the next other. */
const mostCompared = 50_000;

/** Keeps what a view that hides attributes shows, so that a change of anything else is told from a change of that. */
export async function keepShown(live: LiveCopy, view: View): Promise<void> {
  const of = live.layer(view.layer.id);
  if (!hidesAttributes(view) || of.places.kind !== 'points' || of.size > mostCompared) return;
  await live.keep(view.layer.id, shownColumns(view));
}

/** A change that is noted and not yet written: its content is read when it is, so many changes cost one. */
interface Noted extends Omit<FeatureChange, 'layer' | 'alarm' | 'from' | 'content'> {
  readonly slot: number;
}

/**
 * What changes in one view: rows that come into it, change in it and go out of it. Rows that the role may not see leave
 * no trace, also not when they cease to be seen: that is a `delete` like another.
 */
export class ViewChanges {
  readonly view: View;
  readonly live: LiveLayer;
  readonly #matches: Matches | undefined;
  readonly #properties: (slot: number) => string;
  /** By slot, 1 where the view shows the row; only kept for a view that does not show all. */
  #shown: Uint8Array | undefined;
  #noted = new Map<number, Noted>();
  /** Of a view that hides attributes: the kept columns that it shows. A change of others is none of its business. */
  readonly #columns: number | undefined;
  /** By id, the number of the last change that was one for this view; kept from `#from` on, for such a view. */
  readonly #last = new Map<number, number>();
  readonly #from: number;
  /** Since when nobody listens, milliseconds since 1970; undefined while somebody does. */
  idleSince: number | undefined;

  constructor(live: LiveLayer, view: View, matches: Matches | undefined, seq: number) {
    this.view = view;
    this.live = live;
    this.#matches = matches;
    this.#from = seq;
    // A line or polygon may be another within the same box: that is not compared.
    if (hidesAttributes(view) && live.places.kind === 'points') this.#columns = live.columns.bits(shownColumns(view));
    this.#properties = jsonProperties(live, view);
    if (!matches) return;
    this.#shown = new Uint8Array(live.size * 2);
    for (const slot of live.slots()) this.#show(slot, matches(slot));
  }

  get isEmpty(): boolean {
    return this.#noted.size === 0;
  }

  /** Notes what a step of the live copy did. */
  note(touched: readonly Touched[], seq: number): void {
    for (const { id, slot, op, before, after, changed } of touched) {
      const existed = op !== 'insert' && (this.#shown ? this.#shown[slot] === 1 : true);
      const exists = op !== 'delete' && (this.#matches ? this.#matches(slot) : true);
      this.#show(slot, exists);
      if (this.#columns !== undefined) {
        if (existed && exists && (changed & this.#columns) === 0 && same(before, after)) continue;
        if (existed || exists) this.#last.set(id, seq);
      }
      const shown = existed ? before : undefined;
      const noted = this.#noted.get(id);
      if (!noted && !existed && !exists) continue;
      const past = noted
        ? { ...noted, between: noted.between || existed, passed: around(noted.passed, shown) }
        : { existed, before: shown, between: false, passed: undefined };
      this.#noted.set(id, { ...past, id, slot, seq, exists, after: exists ? after : undefined });
    }
  }

  /** What was noted since the last time, alarms first. */
  take(): readonly FeatureChange[] {
    const changes = [...this.#noted.values()].map((noted) => this.#written(noted));
    this.#noted = new Map();
    return alarmsFirst(changes);
  }

  /**
   * What becomes of rows that changed at some time after `after`; `inserted` are those that did not exist before. Undefined
   * when it cannot be said without telling of a row, or of a change, that this view does not show.
   */
  since(ids: Iterable<number>, inserted: ReadonlySet<number>, seq: number, after: number): FeatureChange[] | undefined {
    const changes: FeatureChange[] = [];
    for (const id of ids) {
      const slot = this.live.slotOf(id);
      const exists = slot >= 0 && (this.#matches ? this.#matches(slot) : true);
      const existed = !inserted.has(id);
      // It came, and this view does not show it.
      if (!exists && !existed && slot >= 0) continue;
      if (!exists && this.#matches) return undefined;
      if (this.#columns !== undefined && existed && exists) {
        if (after < this.#from) return undefined;
        if ((this.#last.get(id) ?? 0) <= after) continue;
      }
      const box = exists ? this.live.places.box(slot) : undefined;
      const before = existed ? anywhere : undefined;
      const passed = anywhere;
      changes.push(this.#written({ id, slot, seq, existed, before, exists, after: box, between: true, passed }));
    }
    return changes;
  }

  #written({ slot, ...noted }: Noted): FeatureChange {
    const live = this.live;
    const { before, after } = noted;
    const moved = before && before !== anywhere && !same(before, after);
    return {
      layer: this.view.layer.id,
      ...noted,
      alarm: noted.exists && this.view.showsState && live.severity(slot) === critical,
      from: moved ? `"from":${this.#degrees(before)},` : '',
      content: noted.exists ? `${jsonPlace(live, slot)},"properties":${this.#properties(slot)}` : '',
    };
  }

  #show(slot: number, exists: boolean): void {
    if (!this.#shown) return;
    if (slot >= this.#shown.length) {
      const larger = new Uint8Array(Math.max(slot + 1, this.#shown.length * 2));
      larger.set(this.#shown);
      this.#shown = larger;
    }
    this.#shown[slot] = exists ? 1 : 0;
  }

  #degrees({ minX, minY, maxX, maxY }: WorldBox): string {
    const corners =
      this.live.places.kind === 'points'
        ? [longitude(minX), latitude(minY)]
        : [longitude(minX), latitude(maxY), longitude(maxX), latitude(minY)];
    return `[${corners.map(jsonDegrees).join()}]`;
  }
}

/** The same changes, those that are alarms before the others. */
export function alarmsFirst(changes: readonly FeatureChange[]): readonly FeatureChange[] {
  if (!changes.some(({ alarm }) => alarm)) return changes;
  return [...changes.filter(({ alarm }) => alarm), ...changes.filter(({ alarm }) => !alarm)];
}
