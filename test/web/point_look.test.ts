import { expect, test } from 'vitest';
import camera from '../../server/layers/camera.ts';
import complaint from '../../server/layers/complaint.ts';
import riverGauge from '../../server/layers/river_gauge.ts';
import siren from '../../server/layers/siren.ts';
import streetlight from '../../server/layers/streetlight.ts';
import trafficLight from '../../server/layers/traffic_light.ts';
import umkm from '../../server/layers/umkm.ts';
import { catalogueLayer } from '../../server/registry/catalogue.ts';
import type { Layer } from '../../server/registry/layer.ts';
import { viewOf } from '../../server/registry/view.ts';
import { visitor } from '../../server/registry/viewer.ts';
import type { TileProperties } from '../../web/map/feature_hit.ts';
import { pointLook } from '../../web/map/point_look.ts';

const now = 1_790_000_000_000;
const nothing = { count: 0, unlocated: 0, bbox: null, newest: null, sources: {}, states: {} };
const fresh = { observed_at: now / 1000 };

function look(layer: Layer, properties: TileProperties) {
  return pointLook(catalogueLayer(viewOf(layer, visitor('operator'))!, nothing))({ ...fresh, ...properties }, now);
}

test('a camera that is cut off is silent, however young the news of it; one that is switched off is not', () => {
  expect(look(camera, { status: 'offline' })).toMatchObject({ severity: 'unknown', freshness: 'silent' });
  expect(look(camera, { status: 'disabled' })).toMatchObject({ severity: 'unknown', freshness: 'fresh' });
});

test('a reading that is doubted wears a mark, one that nobody doubts none', () => {
  expect(look(riverGauge, { siaga: '4', quality: 'suspect' })?.mark).toBe('doubt');
  expect(look(riverGauge, { siaga: '4', quality: 'bad' })?.mark).toBe('doubt');
  for (const quality of ['good', 'unchecked']) expect(look(riverGauge, { siaga: '4', quality })?.mark).toBeUndefined();
  expect(look(riverGauge, { siaga: '4' })?.mark).toBeUndefined();
});

test('a complaint shows its category, and a clock when it is overdue and its clock runs', () => {
  const due = (seconds: number, state: string) =>
    look(complaint, { state, category: 'waste', due_at: now / 1000 + seconds });
  expect(due(-1, 'assigned')).toMatchObject({ icon: 'waste', mark: 'overdue' });
  expect(due(0, 'assigned')?.mark).toBe('overdue');
  expect(due(1, 'assigned')?.mark).toBeUndefined();
  for (const state of ['waiting', 'done', 'refused']) expect(due(-1, state)?.mark).toBeUndefined();
  expect(look(complaint, { state: 'assigned' })).toMatchObject({ icon: 'complaint', mark: undefined });
});

test('a signal shows what burns in each head while that is news, and how long an officer still holds it', () => {
  const signal = (properties: TileProperties) => look(trafficLight, { mode: 'fixed_time', ...properties });
  expect(signal({ signal_groups: '1BN0-a' })?.heads).toEqual([['green'], ['red'], ['yellow'], ['red', 'yellow'], []]);
  expect(signal({ signal_groups: '1BBB', observed_at: now / 1000 - 60 })?.heads).toBeUndefined();
  for (const told of [{}, { signal_groups: '' }, { signal_groups: '--' }]) expect(signal(told)?.heads).toBeUndefined();
  const left = (minutes: number) => signal({ override_until: now / 1000 + minutes * 60 })?.left;
  expect([left(-1), left(0), left(1), left(30), left(31), left(600)]).toEqual([undefined, undefined, 5, 30, 35, 60]);
});

test('a lamp that is lit, one that is out, one at fault and one that says nothing look different', () => {
  const lamps = [
    look(streetlight, { status: 'ok', power_state: 'on' }),
    look(streetlight, { status: 'ok', power_state: 'off' }),
    look(streetlight, { status: 'confirmed_out', power_state: 'off' }),
    look(streetlight, {}),
  ];
  expect(lamps.map((lamp) => [lamp?.severity, lamp?.hollow])).toEqual([
    ['normal', false],
    ['normal', true],
    ['warning', false],
    ['unknown', false],
  ]);
});

test('a device that does otherwise than asked is at fault, before anything else is said of it', () => {
  expect(look(siren, { reported: 'idle', commanded: 'sounding', verified: 'differs' })?.mark).toBe('fault');
  expect(look(siren, { reported: 'idle', commanded: 'sounding', verified: 'unknown' })).toMatchObject({
    asked: true,
    mark: undefined,
  });
});

test('businesses are told apart by their line, the unheard-of is a business all the same', () => {
  expect(look(umkm, { category: 'food' })?.icon).toBe('food');
  expect(look(umkm, { category: 'other' })?.icon).toBe('shop');
  expect(look(umkm, {})?.icon).toBe('shop');
});
