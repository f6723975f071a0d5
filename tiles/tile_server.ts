import { hash } from 'node:crypto';
import { contentEtag } from '../server/etag.ts';
import type { LiveCopy } from '../server/live/copy.ts';
import type { Touched } from '../server/live/live_layer.ts';
import { type Matches, matcherOf } from '../server/live/matcher.ts';
import { type Filter, filterKey } from '../server/registry/filter/filter.ts';
import type { View } from '../server/registry/view.ts';
import { chooseRows } from './choose.ts';
import { type Coding, compress, worthCompressing } from './compress.ts';
import { encodeTile } from './encode.ts';
import { LayerWriter } from './layer_writer.ts';
import { type TileAddress, tileNumber, type WorldBox } from './mercator.ts';
import { type CachedTile, TileCache } from './tile_cache.ts';

/** Tiles of views, encoded from the live copy and kept while they are true. */
export class TileServer {
  readonly #live: LiveCopy;
  readonly #writer: LayerWriter;
  readonly cache: TileCache;

  constructor(live: LiveCopy, cacheBytes: number) {
    this.#live = live;
    this.#writer = new LayerWriter(live.pool);
    this.cache = new TileCache(cacheBytes);
    live.watch({
      advanced: ({ touched }) => {
        for (const [{ layer }, rows] of touched) this.cache.invalidate(layer.id, rows.flatMap(boxesOf));
      },
      reloaded: () => this.cache.clear(),
    });
  }

  /**
   * The views in one tile, one MVT layer each in the given order; no bytes when nothing is there. A filter speaks of
   * the one view there is; `signal` is of who waits. Throws as `chooseRows`.
   */
  async tile(
    views: readonly View[],
    address: TileAddress,
    filter?: Filter,
    signal?: () => AbortSignal,
  ): Promise<CachedTile> {
    // Of one view its own text, which is hashed once and not for each tile.
    const keys = views.length === 1 ? views[0]!.key : views.map(({ key }) => key).join('|');
    // A filter may be long, and who asks chooses it: its digest stands for it.
    const chosen = filter ? `?${hash('sha256', filterKey(filter), 'base64url')}` : '';
    const variant = chosen ? keys + chosen : keys;
    const cached = this.cache.get(variant, tileNumber(address));
    if (cached) return cached;
    const matches = await Promise.all(views.map((view) => matcherOf(this.#live, view, filter)));
    const [view] = views;
    const [asked] = matches;
    if (!filter || !view || !asked) return this.#draw(views, matches, address, variant);
    return chooseRows(
      this.#live,
      view.layer.id,
      address,
      asked,
      (rows) => this.#draw([view], [rows], address, variant),
      signal,
    );
  }

  /** Nothing waits in here: a change can only come before or after the tile, never into it. */
  #draw(
    views: readonly View[],
    matches: readonly (Matches | undefined)[],
    address: TileAddress,
    variant: string,
  ): CachedTile {
    const parts = views.map((view, i) =>
      encodeTile(this.#live.layer(view.layer.id), view, address, matches[i], this.#writer),
    );
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    // Named by its content, so equal on every process and after every restart. Weak: one name for all codings.
    const tile = { etag: contentEtag(bytes), bytes, compressed: new Map() };
    this.cache.set(
      variant,
      tileNumber(address),
      views.map(({ layer }) => layer.id),
      tile,
    );
    return tile;
  }

  /** The tile's bytes in a coding, compressed once per version. */
  body(
    tile: CachedTile,
    coding: Coding | undefined,
  ): { readonly bytes: Uint8Array; readonly coding: Coding | undefined } {
    if (!coding || tile.bytes.length < worthCompressing) return { bytes: tile.bytes, coding: undefined };
    let bytes = tile.compressed.get(coding);
    if (!bytes) {
      bytes = compress(tile.bytes, coding);
      tile.compressed.set(coding, bytes);
      this.cache.grew(bytes.length);
    }
    return { bytes, coding };
  }
}

/** What a change makes to be drawn anew: where the row was and where it is. */
function boxesOf({ before, after }: Touched): WorldBox[] {
  if (before && after && before.minX === after.minX && before.minY === after.minY)
    if (before.maxX === after.maxX && before.maxY === after.maxY) return [after];
  return [before, after].filter((box) => box !== undefined);
}
