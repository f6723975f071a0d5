import { type Layer, severityOf } from '../registry/layer.ts';
import { severities } from '../registry/severity.ts';
import { type Columns, larger, permuted } from './columns.ts';

/** How bad the state of each row is, by slot: an index into `severities`, 0 where a layer has no states. */
export class SeverityRanks {
  readonly #layer: Layer;
  readonly #columns: Columns;
  /** By the pool number of the state's text. */
  readonly #ofText = new Map<number, number>();
  #ranks = new Uint8Array(0);

  constructor(layer: Layer, columns: Columns) {
    this.#layer = layer;
    this.#columns = columns;
  }

  of(slot: number): number {
    return this.#ranks[slot]!;
  }

  /** Takes the rank from the state that the columns hold now. */
  read(slot: number): void {
    this.#ranks[slot] = this.#rank(slot);
  }

  reserve(capacity: number): void {
    this.#ranks = larger(this.#ranks, capacity);
  }

  /** Puts the rows in a new order: slot i takes what slot `order[i]` held. */
  permute(order: Uint32Array): void {
    this.#ranks = permuted(this.#ranks, order);
  }

  #rank(slot: number): number {
    const { state } = this.#layer;
    if (!state) return 0;
    const column = this.#columns.get(state);
    if (column.kind !== 'text') return 0;
    const text = column.ids[slot]!;
    let rank = this.#ofText.get(text);
    if (rank === undefined) {
      const value = text === 0 ? null : this.#columns.text(state).value(text);
      rank = severities.indexOf(severityOf(this.#layer, value));
      this.#ofText.set(text, rank);
    }
    return rank;
  }
}
