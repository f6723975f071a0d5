/** A cell of a density surface's source: where it is on the grid, how many things it holds, and how far they are spread. */
export interface Heap {
  readonly x: number;
  readonly y: number;
  readonly count: number;
  /** In cells of the grid; each heap's count is spread over the disc of this radius. */
  readonly radius: number;
}

/**
 * How densely things lie, by cell of a grid of `width` × `height` from its upper left: every heap is spread smoothly over
 * its disc, so that a whole heap adds up to its count wherever the grid cuts it not.
 */
export function densityGrid(width: number, height: number, heaps: readonly Heap[]): Float32Array {
  const grid = new Float32Array(width * height);
  for (const { x, y, count, radius } of heaps) {
    // The volume of (1 − r²)² over its disc is π·radius²/3.
    const height0 = (3 * count) / (Math.PI * radius * radius);
    const [left, right] = [Math.max(0, Math.ceil(x - radius)), Math.min(width - 1, Math.floor(x + radius))];
    const [top, bottom] = [Math.max(0, Math.ceil(y - radius)), Math.min(height - 1, Math.floor(y + radius))];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const away = ((column - x) ** 2 + (row - y) ** 2) / (radius * radius);
        if (away < 1) grid[row * width + column]! += height0 * (1 - away) ** 2;
      }
    }
  }
  return grid;
}

/** Opacity of what is as dense as it gets in view; the rest fades to nothing. */
const densest = 0.55;

/**
 * The opacity of a density, from 0: `peak` is the highest in view. Villages with a hundredth of the town's density are still
 * seen, since a town would else be the only thing that is.
 */
export function densityOpacity(density: number, peak: number): number {
  return peak > 0 ? densest * Math.min(1, density / peak) ** 0.4 : 0;
}
