/** A box on the screen, CSS pixels. */
export type ScreenBox = readonly [left: number, top: number, right: number, bottom: number];

/** What of the screen is taken by symbols and names. */
export interface LabelRoom {
  /** Takes a box, whatever lies there. */
  readonly take: (box: ScreenBox) => void;
  /** Takes a box if nothing lies there and it is on the screen, at least in part; false otherwise. */
  readonly takeIfFree: (box: ScreenBox) => boolean;
}

/** CSS pixels that a cell is wide: what is nearer to each other may be taken to touch. */
const cell = 4;

/** An empty screen of a size in CSS pixels, as cells: asking costs the same however much is on it. */
export function labelRoom([width = 0, height = 0]: readonly number[]): LabelRoom {
  const [columns, rows] = [Math.ceil(width / cell), Math.ceil(height / cell)];
  const taken = new Uint8Array(columns * rows);
  const cells = ([left, top, right, bottom]: ScreenBox) =>
    [
      Math.max(0, Math.floor(left / cell)),
      Math.max(0, Math.floor(top / cell)),
      Math.min(columns, Math.ceil(right / cell)),
      Math.min(rows, Math.ceil(bottom / cell)),
    ] as const;
  function take(box: ScreenBox) {
    const [left, top, right, bottom] = cells(box);
    for (let row = top; row < bottom; row++) taken.fill(1, row * columns + left, row * columns + Math.max(left, right));
  }
  return {
    take,
    takeIfFree(box) {
      const [left, top, right, bottom] = cells(box);
      if (left >= right || top >= bottom) return false;
      for (let row = top; row < bottom; row++)
        if (taken.subarray(row * columns + left, row * columns + right).includes(1)) return false;
      take(box);
      return true;
    },
  };
}
