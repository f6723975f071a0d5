import { expect, test } from 'vitest';
import { catalogueLayer } from '../../server/registry/catalogue.ts';
import { layerFiles, Registry } from '../../server/registry/registry.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { changeRate } from '../../web/live/change_rate.ts';
import { describeChange } from '../../web/live/describe_change.ts';
import { type FeedEntry, joined } from '../../web/live/feed.ts';
import { eventOf } from '../../web/live/known.ts';

const registry = new Registry(await layerFiles());
const empty = { count: 0, unlocated: 0, bbox: null, newest: null, sources: {}, states: {} };
const gauge = catalogueLayer(registry.view('river_gauge', visitor('operator')), empty);
const unit = catalogueLayer(registry.view('unit', visitor('operator')), empty);
const signal = catalogueLayer(registry.view('traffic_light', visitor('operator')), empty);
const before = { name: 'Arjasa', siaga: '3', level_cm: 210, trend: 'rising', observed_at: 1 };

test('a new state is news before a new value, a new value before the rest', () => {
  const told = (properties: object) =>
    describeChange(gauge, { op: 'update', properties: { ...before, ...properties } }, before);
  expect(told({ siaga: '2', level_cm: 310 })).toEqual({ kind: 'changed', attribute: 'siaga', from: '3', to: '2' });
  expect(told({ level_cm: 0 })).toEqual({ kind: 'changed', attribute: 'level_cm', from: 210, to: 0 });
  expect(told({ trend: 'falling' })).toEqual({ kind: 'changed', attribute: 'trend', from: 'rising', to: 'falling' });
  expect(told({ observed_at: 2 })).toBeNull();
});

test('a value that is gone is told as none', () => {
  const { level_cm: _, ...rest } = before;
  expect(describeChange(gauge, { op: 'update', properties: rest }, before)).toMatchObject({ from: 210, to: null });
});

test('what was not known before is no news; what is new or gone is', () => {
  expect(describeChange(gauge, { op: 'update', properties: before }, undefined)).toBeNull();
  expect(describeChange(gauge, { op: 'insert', properties: before }, undefined)).toEqual({ kind: 'inserted' });
  expect(describeChange(gauge, { op: 'delete' }, before)).toEqual({ kind: 'deleted' });
});

test('the way of a unit is no news, its state is', () => {
  const known = { name: 'P1', state: 'available', speed_km_h: 20, course_deg: 10 };
  const told = (change: object) => describeChange(unit, { op: 'update', properties: { ...known, ...change } }, known);
  expect(told({ speed_km_h: 40, course_deg: 90 })).toBeNull();
  expect(told({ state: 'responding', speed_km_h: 40 })).toMatchObject({ attribute: 'state', to: 'responding' });
});

test('the turns of a signal are no news, its mode is', () => {
  const known = { name: 'S1', mode: 'fixed_time', signal_groups: '1BBB' };
  const told = (change: object) => describeChange(signal, { op: 'update', properties: { ...known, ...change } }, known);
  expect(told({ signal_groups: 'NBBB' })).toBeNull();
  expect(told({ signal_groups: 'cccc', mode: 'flash' })).toMatchObject({ attribute: 'mode', to: 'flash' });
});

test('a reading that goes on changing is one line from its first value to its last; states are told one by one', () => {
  const entry = (attribute: string, from: string | number, to: string | number, time: number): FeedEntry => ({
    ...{ key: 1, layer: 'river_gauge', id: 1, time, name: 'A', at: null, severity: 'advisory' },
    told: { kind: 'changed', attribute, from, to },
  });
  expect(joined(entry('level_cm', 210, 220, 0), entry('level_cm', 220, 230, 60_000))?.told).toMatchObject({
    from: 210,
    to: 230,
  });
  expect(joined(entry('level_cm', 210, 220, 0), entry('level_cm', 220, 230, 3_600_000))).toBeNull();
  expect(joined(entry('siaga', '4', '3', 0), entry('siaga', '3', '2', 1000))).toBeNull();
  expect(joined(entry('siaga', '4', '3', 0), entry('level_cm', 220, 230, 1000))).toBeNull();
});

test('changes a second are those of the last five whole seconds', () => {
  const rate = changeRate();
  expect(rate.perSecond(0)).toBe(0);
  for (let second = 0; second < 10; second++) rate.add(200, second * 1000);
  expect(rate.perSecond(10_000)).toBe(200);
  expect(rate.perSecond(13_000)).toBe(80);
  rate.add(1, 30_000);
  expect(rate.perSecond(31_000)).toBe(0.2);
  expect(rate.perSecond(40_000)).toBe(0);
});

test('a row of a layer’s state is what an event would say of it: no nulls, and zero is a value', () => {
  const properties = { siaga: ['3', null], level_cm: [0, 210], wet: [false, null] };
  const state = { layer: 'x', id: [7, 9], lon: [0, null], lat: [-8, null], properties };
  expect(eventOf(state, 0)).toEqual({
    ...{ layer: 'x', op: 'update', id: 7, at: [0, -8] },
    properties: { siaga: '3', level_cm: 0, wet: false },
  });
  expect(eventOf(state, 1)).toMatchObject({ id: 9, at: null, properties: { level_cm: 210 } });
  expect(eventOf({ layer: 'y', id: [1], bbox: [[1, 2, 3, 4]], properties: {} }, 0)).toMatchObject({
    bbox: [1, 2, 3, 4],
  });
});
