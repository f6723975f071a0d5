import { type Extent, intersects } from 'ol/extent.js';
import MVT from 'ol/format/MVT.js';
import type VectorTileLayer from 'ol/layer/VectorTile.js';
import RenderFeature from 'ol/render/Feature.js';
import VectorTileSource from 'ol/source/VectorTile.js';
import TileState from 'ol/TileState.js';
import { inFrame } from './in_frame.ts';
import { isShown, redraw, type SourceTile, showDeeper } from './ol_internals.ts';
import { tileGrid, tileZoom, towardsCoarser } from './zoom.ts';

/** Tiles on their way, and tiles that could not be had (their old picture, if any, is still shown). */
export interface TileStatus {
  readonly pending: number;
  readonly failed: number;
}

/** A tile source whose tiles are renewed in place: no tile is ever blank because it is being fetched again. */
export interface LiveTiles {
  readonly source: VectorTileSource;
  /** Says which layer draws the tiles; once, before the first tile. */
  readonly bind: (layer: VectorTileLayer) => void;
  /** Fetches tiles again: those on the screen now, the others when they are next shown. Default: all. */
  readonly refresh: (which?: (z: number, x: number, y: number) => boolean) => void;
  /** The same without a word about it, and at most some times a second: what is there is nearly right. */
  readonly freshen: (which: (z: number, x: number, y: number) => boolean) => void;
  /** Nothing on the screen is older than what was asked for. */
  readonly isFresh: () => boolean;
  readonly status: () => TileStatus;
  /** The features of the loaded tiles of a zoom that touch an extent (EPSG:3857); a shape cut by tiles comes in pieces. */
  readonly features: (zoom: number, extent: Extent) => RenderFeature[];
  /** Whether all tiles of a zoom that touch an extent are there. */
  readonly holds: (zoom: number, extent: Extent) => boolean;
}

interface Entry {
  readonly tile: WeakRef<SourceTile>;
  readonly fetchAgain: () => Promise<void>;
  readonly at: readonly [z: number, x: number, y: number];
  busy: boolean;
  /** What is shown, or on its way, is not what the server has. */
  stale: boolean;
  /** Somebody waits for it. */
  awaited: boolean;
  /** A visit is arranged. */
  arranged: boolean;
  failures: number;
  /** Milliseconds since 1970 before which it is not tried again. */
  notBefore: number;
  version: string | null;
}

const attemptsAtFirst = 4;
const longestWaitMs = 30_000;
/** A tile that changes all the time is fetched this often. */
const restMs = 250;

/**
 * Tiles of one MVT layer. `url` is asked at every fetch, so a filter may change under a constant tile address:
 * OpenLayers never learns of it, and the old features stay until the new ones are there.
 * `changed` is told after every arrival and failure.
 */
export function liveTiles(options: {
  readonly layer: string;
  readonly deepest: number;
  readonly url: (z: number, x: number, y: number) => string;
  /** What to make of the features of a tile before they are drawn. */
  readonly prepare: (features: RenderFeature[], extent: Extent) => RenderFeature[];
  readonly changed: () => void;
}): LiveTiles {
  const entries = new Map<string, Entry>();
  const format = new MVT({ featureClass: RenderFeature, layers: [options.layer] });
  const grid = tileGrid(options.deepest);
  let layer: VectorTileLayer | undefined;

  async function fetchInto(tile: SourceTile, entry: Entry, extent: Extent, again: boolean): Promise<void> {
    if (entry.busy) {
      entry.stale = true;
      return;
    }
    entry.busy = true;
    entry.stale = false;
    entry.notBefore = Date.now() + restMs;
    try {
      const url = options.url(...entry.at);
      const response = await fetch(url, { cache: again ? 'no-cache' : 'default' });
      if (!response.ok) throw new Error(`tile answered ${response.status}`);
      const etag = response.headers.get('etag');
      const version = etag && `${url} ${etag}`;
      const bytes = response.status === 204 ? null : await response.arrayBuffer();
      const released = tile.getState() === TileState.EMPTY;
      const same = version !== null && version === entry.version && tile.getState() === TileState.LOADED;
      if (!released && !same) {
        const draw = () => {
          const features = bytes?.byteLength
            ? format.readFeatures(bytes, { extent, featureProjection: 'EPSG:3857' })
            : [];
          tile.setFeatures(options.prepare(features, extent));
          entry.version = version;
          if (layer) redraw(layer, tile);
        };
        if (again) await inFrame(draw);
        else draw();
      }
      entry.failures = 0;
      entry.awaited = entry.stale && entry.awaited;
    } catch {
      entry.failures += 1;
      entry.stale = true;
      if (entry.failures === 1) layer?.getMapInternal()?.render();
      const wait = Math.min(longestWaitMs, 200 * 2 ** entry.failures);
      entry.notBefore = Date.now() + wait;
      // OpenLayers counts a loading tile against its queue: give it up there after a while, and go on trying here.
      if (tile.getState() === TileState.LOADING && entry.failures >= attemptsAtFirst) tile.setState(TileState.ERROR);
    }
    entry.busy = false;
    options.changed();
    if (entry.stale) arrange(entry);
  }

  /** Looks at a tile again when it may be fetched again. */
  function arrange(entry: Entry): void {
    if (entry.arranged) return;
    entry.arranged = true;
    setTimeout(
      () => {
        entry.arranged = false;
        visit(entry);
      },
      Math.max(0, entry.notBefore - Date.now()) + 5,
    );
  }

  function visit(entry: Entry): void {
    const tile = entry.tile.deref();
    const state = tile?.getState();
    if (!tile || state === TileState.EMPTY) {
      const key = entry.at.join('/');
      if (entries.get(key) === entry) entries.delete(key);
      options.changed();
      return;
    }
    if (entry.busy || !entry.stale) return;
    if (Date.now() < entry.notBefore) {
      arrange(entry);
      return;
    }
    // A tile that never arrived is wanted by whoever asked for it; one that did waits until it is looked at.
    if (state !== TileState.LOADED || (layer && isShown(layer, tile))) void entry.fetchAgain();
  }

  const source = new VectorTileSource({
    format,
    tileGrid: grid,
    zDirection: towardsCoarser,
    url: `tile:${options.layer}/{z}/{x}/{y}`,
    transition: 0,
    wrapX: false,
    tileLoadFunction: (wanted) => {
      const tile = wanted as SourceTile; // a VectorTileSource loads nothing else
      tile.setLoader((extent) => {
        const [z = 0, x = 0, y = 0] = tile.getTileCoord();
        const entry: Entry = {
          tile: new WeakRef(tile),
          fetchAgain: () => fetchInto(tile, entry, extent, true),
          at: [z, x, y],
          busy: false,
          stale: false,
          awaited: true,
          arranged: false,
          failures: 0,
          notBefore: 0,
          version: null,
        };
        entries.set(entry.at.join('/'), entry);
        options.changed();
        void fetchInto(tile, entry, extent, false);
      });
    },
  });

  return {
    source,
    bind(drawnBy) {
      layer = drawnBy;
      showDeeper(layer, (...at) => (entries.get(at.join('/'))?.failures ?? 0) > 0);
      layer.on('postrender', () => {
        for (const entry of entries.values()) if (entry.stale) visit(entry);
      });
    },
    refresh(which = () => true) {
      for (const entry of entries.values()) {
        if (!which(...entry.at)) continue;
        entry.stale = entry.awaited = true;
        entry.notBefore = 0;
        visit(entry);
      }
    },
    freshen(which) {
      for (const entry of entries.values()) {
        if (!which(...entry.at)) continue;
        entry.stale = true;
        visit(entry);
      }
    },
    isFresh: () =>
      [...entries.values()].every(({ busy, stale, tile: of }) => {
        const tile = busy || stale ? of.deref() : undefined;
        return tile === undefined || layer === undefined || !isShown(layer, tile);
      }),
    features(zoom, extent) {
      const z = tileZoom(zoom, options.deepest);
      return [...entries.values()].flatMap(({ at, tile }) => {
        const features = at[0] === z ? tile.deref()?.getFeatures() : null;
        return features?.filter((feature) => intersects(extent, feature.getExtent())) ?? [];
      });
    },
    holds(zoom, extent) {
      let all = true;
      grid.forEachTileCoord(extent, tileZoom(zoom, options.deepest), (at) => {
        all &&= entries.get(at.join('/'))?.tile.deref()?.getState() === TileState.LOADED;
      });
      return all;
    },
    status() {
      const all = [...entries.values()];
      // An old picture that nobody looks at is no fault; it is fetched again when it is looked at.
      const missed = ({ failures, tile: of }: Entry) => {
        const tile = failures > 0 ? of.deref() : undefined;
        return (
          tile !== undefined && (tile.getState() !== TileState.LOADED || (layer !== undefined && isShown(layer, tile)))
        );
      };
      return { pending: all.filter(({ busy, awaited }) => busy && awaited).length, failed: all.filter(missed).length };
    },
  };
}
