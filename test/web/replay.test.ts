import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Catalogue } from '../../server/registry/catalogue.ts';
import { pageReplay } from '../../web/replay/replay.ts';
import type { ReplayedLayers } from '../../web/replay/replayed_layers.ts';
import { type PageState, store } from '../../web/state.ts';

const now = Date.UTC(2026, 10, 21, 12);
const hour = 3_600_000;

/** A replay over a map that only remembers, of a page that shows two layers, one of which keeps a series. */
function replayOf() {
  const drawn: number[] = [];
  const map = { show: () => {}, draw: (at: number) => void drawn.push(at) } as unknown as ReplayedLayers; // what is called of it
  const layers = { unit: { opacity: 1 }, camera: { opacity: 1 } };
  const page = store({ layers, replay: null } as unknown as PageState); // what is read of it
  const catalogue = {
    layers: [
      { id: 'unit', geometry: 'Point', series: { attributes: [] } },
      { id: 'camera', geometry: 'Point' },
      { id: 'river_gauge', geometry: 'Point', series: { attributes: [] } },
    ],
  } as unknown as Catalogue;
  return { replay: pageReplay(map, page, () => catalogue), page, drawn };
}

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  vi.stubGlobal('cancelAnimationFrame', () => {});
  vi.stubGlobal('requestAnimationFrame', () => 1);
  vi.stubGlobal('fetch', () => new Promise(() => {}));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a replay', () => {
  test('opens at the beginning of the last hour, and reads the layers that are shown and keep a series', () => {
    const { replay } = replayOf();
    replay.open();
    expect(replay.state.get()).toMatchObject({ open: true, hours: 1, from: now - hour, to: now, at: now - hour });
    expect(replay.state.get().loading).toEqual(['unit']);
  });

  test.each([
    [0.5, 1],
    [2, 3],
    [23, 24],
  ])('of a moment %d h ago is the last %d h', (ago, hours) => {
    const { replay } = replayOf();
    replay.open(now - ago * hour);
    expect(replay.state.get()).toMatchObject({ hours, from: now - hours * hour, to: now, at: now - ago * hour });
  });

  test('of a moment long ago is what was around it; of one to come, now', () => {
    const { replay } = replayOf();
    replay.open(now - 48 * hour);
    expect(replay.state.get()).toMatchObject({ from: now - 48.5 * hour, to: now - 47.5 * hour, at: now - 48 * hour });
    replay.open(now + hour);
    expect(replay.state.get()).toMatchObject({ at: now, to: now });
  });

  test('stays within its length, and keeps the moment when that changes', () => {
    const { replay, drawn } = replayOf();
    replay.open();
    replay.seek(now + 5);
    replay.seek(0);
    expect(drawn.slice(-2)).toEqual([now, now - hour]);
    replay.setHours(6);
    expect(replay.state.get()).toMatchObject({ from: now - 6 * hour, at: now - hour });
    replay.seek(now - 5 * hour);
    replay.setHours(3);
    expect(replay.state.get()).toMatchObject({ from: now - 3 * hour, at: now - 3 * hour });
  });

  test('tells the address where it rests, to the second, and takes it back when it ends', () => {
    const { replay, page } = replayOf();
    replay.open();
    replay.seek(now - 1_000_400);
    expect(page.get().replay).toBe(now - hour);
    vi.advanceTimersByTime(500);
    expect(page.get().replay).toBe(now - 1_000_000);
    replay.close();
    expect(page.get().replay).toBeNull();
    expect(replay.state.get()).toMatchObject({ open: false, layers: [], loading: [] });
  });

  test('reads a layer that is turned on meanwhile', () => {
    const { replay, page } = replayOf();
    replay.open();
    page.set({ layers: { ...page.get().layers, river_gauge: { opacity: 1 } } });
    expect(replay.state.get().loading).toEqual(['unit', 'river_gauge']);
  });
});
