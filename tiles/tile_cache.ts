import { buffer, extent } from './cut.ts';
import { maxZoom, tileNumber, type WorldBox } from './mercator.ts';

/** An encoded tile with its compressed forms, made when first asked for. */
export interface CachedTile {
  readonly etag: string;
  readonly bytes: Uint8Array;
  readonly compressed: Map<string, Uint8Array>;
}

interface Entry {
  readonly variant: string;
  readonly layers: readonly string[];
  readonly address: number;
  readonly tile: CachedTile;
}

/**
 * Encoded tiles, the least recently used leaving first when they outgrow `maxBytes`. A change drops exactly the tiles
 * it touches, so what is here is always true.
 */
export class TileCache {
  readonly #maxBytes: number;
  #bytes = 0;
  readonly #entries = new Set<Entry>(); // in order of use
  /** By variant and tile number: nothing is put together to find a tile. */
  readonly #byVariant = new Map<string, Map<number, Entry>>();
  /** By layer and tile number. */
  readonly #byLayer = new Map<string, Map<number, Set<Entry>>>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The tile of a variant (views and filter) at an address number. */
  get(variant: string, address: number): CachedTile | undefined {
    const entry = this.#byVariant.get(variant)?.get(address);
    if (!entry) return undefined;
    this.#entries.delete(entry);
    this.#entries.add(entry);
    return entry.tile;
  }

  set(variant: string, address: number, layers: readonly string[], tile: CachedTile): void {
    const known = this.#byVariant.get(variant)?.get(address);
    if (known) this.#drop(known);
    const entry = { variant, layers, address, tile };
    this.#entries.add(entry);
    this.#bytes += cost(entry);
    part(this.#byVariant, variant, () => new Map()).set(address, entry);
    for (const layer of layers) {
      const tiles = part(this.#byLayer, layer, () => new Map<number, Set<Entry>>());
      part(tiles, address, () => new Set()).add(entry);
    }
    this.#shrink();
  }

  /** Counts a compressed form that was added to a cached tile. */
  grew(bytes: number): void {
    this.#bytes += bytes;
    this.#shrink();
  }

  /** Drops the tiles of a layer that a change of these boxes touches, at every zoom, with their buffers. */
  invalidate(layer: string, boxes: readonly WorldBox[]): void {
    const tiles = this.#byLayer.get(layer);
    if (!tiles || tiles.size === 0) return;
    for (const box of boxes)
      for (let z = 0; z <= maxZoom; z++)
        for (const address of addresses(box, z, tiles))
          for (const entry of [...(tiles.get(address) ?? [])]) this.#drop(entry);
  }

  clear(): void {
    this.#entries.clear();
    this.#byVariant.clear();
    this.#byLayer.clear();
    this.#bytes = 0;
  }

  #shrink(): void {
    for (const entry of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(entry);
    }
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry);
    this.#bytes -= cost(entry);
    const { variant, address } = entry;
    const tiles = this.#byVariant.get(variant)!;
    tiles.delete(address);
    if (tiles.size === 0) this.#byVariant.delete(variant);
    for (const layer of entry.layers) {
      const of = this.#byLayer.get(layer)!;
      const entries = of.get(address)!;
      entries.delete(entry);
      if (entries.size === 0) of.delete(address);
    }
  }
}

/** What a map holds for a key, made when there is nothing yet. */
function part<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function cost({ variant, tile }: Entry): number {
  let bytes = variant.length + tile.bytes.length + 400; // sets and maps
  for (const form of tile.compressed.values()) bytes += form.length;
  return bytes;
}

/** The cached address numbers of zoom `z` that a box with its buffer touches. */
function* addresses(box: WorldBox, z: number, cached: ReadonlyMap<number, unknown>): Generator<number> {
  const side = 2 ** (32 - z);
  const margin = (side * buffer) / extent;
  const last = 2 ** z - 1;
  const tile = (world: number) => Math.min(last, Math.max(0, Math.floor(world / side)));
  const west = tile(box.minX - margin);
  const east = tile(box.maxX + margin);
  const north = tile(box.minY - margin);
  const south = tile(box.maxY + margin);
  if ((east - west + 1) * (south - north + 1) <= cached.size) {
    for (let x = west; x <= east; x++) for (let y = north; y <= south; y++) yield tileNumber({ z, x, y });
    return;
  }
  // A large shape at a high zoom covers more tiles than are cached: look at those instead.
  const first = tileNumber({ z, x: 0, y: 0 });
  for (const address of [...cached.keys()]) {
    const index = address - first;
    if (index < 0 || index >= 4 ** z) continue;
    const x = Math.floor(index / 2 ** z);
    const y = index % 2 ** z;
    if (x >= west && x <= east && y >= north && y <= south) yield address;
  }
}
