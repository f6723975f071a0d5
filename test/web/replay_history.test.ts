import { fromLonLat, toLonLat } from 'ol/proj.js';
import { describe, expect, test } from 'vitest';
import type { LayerSeries } from '../../server/registry/series_of_layer.ts';
import { type History, historyOf, thingAt } from '../../web/replay/history.ts';

const base = Date.UTC(2026, 10, 21, 12);
const second = base / 1000;
const gapMs = 120_000;

/** Two units of which one has said nothing yet, ten seconds a bucket. */
const units: LayerSeries = {
  ...{ layer: 'unit', from: '', to: '', resolution: 10, id: [7, 8, 9], rows: [4, 0, 1] },
  properties: { name: ['Praja 1', 'Praja 2', 'Praja 3'], kind: ['boat', null, null] },
  observations: {
    observed_at: [second, second + 60, second + 70, second + 600, second + 30],
    lon: [113.7, 113.8, null, 113.9, 114],
    lat: [-8.1, -8.2, null, -8.3, -8],
    state: ['enroute', null, 'on_scene', null, null],
  },
};
const gauges: LayerSeries = {
  ...{ layer: 'river_gauge', from: '', to: '', resolution: 300, id: [1, 2, 3], rows: [2, 0, 0] },
  ...{ lon: [113.7, 113.71, null], lat: [-8.1, -8.11, null] },
  properties: { name: ['Pos 1', 'Pos 2', 'Pos 3'], method: ['manual', null, null] },
  observations: { observed_at: [second, second + 300], level_cm: [0, 250], siaga: ['4', '2'] },
};

const then = (history: History, id: number, seconds: number) =>
  thingAt(history, history.things.find((thing) => thing.id === id)!, base + seconds * 1000, gapMs);
const degrees = (history: History, id: number, seconds: number) => {
  const place = then(history, id, seconds)?.place;
  return place && toLonLat([...place]).map((degree) => Math.round(degree * 1e5) / 1e5);
};

describe('what moves', () => {
  const history = historyOf(units);

  test('is on its way between two places', () => {
    expect(degrees(history, 7, 0)).toEqual([113.7, -8.1]);
    const [x] = fromLonLat([113.75, 0]);
    expect(then(history, 7, 30)?.place?.[0]).toBeCloseTo(x!, 3);
    expect(degrees(history, 7, 60)).toEqual([113.8, -8.2]);
  });

  test('is nowhere before it was heard of, and no other thing goes on where it ended', () => {
    expect(then(history, 7, -1)).toBeNull();
    expect(then(history, 8, 1000)).toBeNull();
    expect(then(history, 9, 29)).toBeNull();
    expect(then(history, 9, 30)?.properties).toEqual({ name: 'Praja 3', observed_at: second + 30 });
  });

  test('stays where it was last heard when it is silent for too long, and after the last word', () => {
    // A position that was not said is the one before.
    expect(degrees(history, 7, 70)).toEqual([113.8, -8.2]);
    expect(degrees(history, 7, 599)).toEqual([113.8, -8.2]);
    expect(degrees(history, 7, 600)).toEqual([113.9, -8.3]);
    expect(degrees(history, 7, 99_999)).toEqual([113.9, -8.3]);
  });

  test('is in the state that was said last', () => {
    expect([0, 60, 69, 70, 600].map((at) => then(history, 7, at)?.properties.state)).toEqual([
      ...['enroute', 'enroute', 'enroute', 'on_scene', 'on_scene'],
    ]);
    expect(then(history, 7, 0)?.properties).toMatchObject({ name: 'Praja 1', kind: 'boat' });
  });

  test('is as old as what was said, but for what a bucket keeps to itself', () => {
    const observed = (at: number) => Number(then(history, 7, at)?.properties.observed_at) - second;
    // The next bucket holds an observation too: there may have been some in between.
    expect([60, 65, 69].map(observed)).toEqual([60, 65, 69]);
    expect([0, 30, 59].map(observed)).toEqual([0, 0, 0]);
    expect(observed(500)).toBe(70);
  });
});

describe('what stands', () => {
  const history = historyOf(gauges);

  test('has the values of then, and zero is one', () => {
    expect(then(history, 1, 299)?.properties).toMatchObject({
      level_cm: 0,
      siaga: '4',
      name: 'Pos 1',
      method: 'manual',
    });
    expect(then(history, 1, 300)?.properties).toMatchObject({ level_cm: 250, siaga: '2' });
  });

  test('is there also while nothing is known of it', () => {
    expect(then(history, 1, -1)?.properties).toEqual({ name: 'Pos 1', method: 'manual' });
    expect(degrees(history, 2, 0)).toEqual([113.71, -8.11]);
    expect(then(history, 3, 0)).toEqual({ place: null, properties: { name: 'Pos 3' } });
  });
});
