import { describe, expect, test } from 'vitest';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { areaFor } from '../../web/live/area.ts';
import type { LiveEvent } from '../../web/live/event.ts';
import { eventsAddress } from '../../web/live/event_stream.ts';
import { needs } from '../../web/live/needs.ts';
import { earlier, hear, isBeyond } from '../../web/live/position.ts';
import { retryMs } from '../../web/live/retry.ts';
import { pictureTime, standing } from '../../web/live/standing.ts';

const age = { as_of: '2026-11-21T12:00:00Z', now: '2026-11-21T12:00:00Z' };
const change = (id: string | null, caughtUp = false): LiveEvent => ({
  event: 'change',
  id,
  data: { ...(caughtUp && { catch_up: true }), features: [] },
});

test('positions are compared as numbers, and only within one log', () => {
  expect(isBeyond('a:10', 'a:9')).toBe(true);
  expect(isBeyond('a:9', 'a:9')).toBe(false);
  expect(isBeyond('a:9', 'a:10')).toBe(false);
  expect(isBeyond('b:1', 'a:10')).toBe(true);
  expect(earlier('a:9', 'a:10')).toBe('a:9');
  expect(earlier('a:10', 'a:9')).toBe('a:9');
});

describe('a tab that has everything up to a position', () => {
  test('applies what is beyond it, once', () => {
    expect(hear('a:5', change('a:6'))).toEqual({ apply: true, known: 'a:6' });
    expect(hear('a:6', change('a:6'))).toEqual({ apply: false, known: 'a:6' });
    expect(hear('a:6', change('a:4'))).toEqual({ apply: false, known: 'a:6' });
  });

  test('applies a part of more to come without moving on, so that a cut before the rest asks for all of it', () => {
    expect(hear('a:5', change(null))).toEqual({ apply: true, known: 'a:5' });
  });

  test('applies what was missed even where its position is known, and does not go back', () => {
    expect(hear('a:6', change('a:6', true))).toEqual({ apply: true, known: 'a:6' });
    const ready: LiveEvent = { event: 'ready', id: 'a:4', data: { ...age, position: 'a:4', resumed: true } };
    expect(hear('a:6', ready)).toEqual({ apply: true, known: 'a:6' });
  });

  test('starts over where it is told to, also in another log', () => {
    const ready: LiveEvent = { event: 'ready', id: 'b:2', data: { ...age, position: 'b:2', resumed: false } };
    expect(hear('a:6', ready).known).toBe('a:6');
    const resync: LiveEvent = { event: 'resync', id: 'b:2', data: { reason: 'too_old', position: 'b:2' } };
    expect(hear('a:6', resync)).toEqual({ apply: true, known: 'b:2' });
  });

  test('moves on with a ping', () => {
    expect(hear('a:6', { event: 'ping', id: 'a:9', data: { ...age, position: 'a:9' } }).known).toBe('a:9');
  });
});

describe('what tabs need', () => {
  test('is one stream of all their layers, from the earliest position that one of them lacks', () => {
    const all = needs();
    all.say({ tab: 'one', layers: ['camera'], part: { bbox: null, everywhere: [] }, since: 'a:5' }, 0);
    expect(all.begin(null, [])).toBe('a:5');
    all.say({ tab: 'two', layers: ['camera', 'unit'], part: { bbox: null, everywhere: [] }, since: 'a:7' }, 0);
    expect(all.layers(0)).toEqual(['camera', 'unit']);
    expect(all.exceed(['camera'], null, 0)).toBe(true);
    // The stream of cameras is at 9; of units the second tab has heard nothing since 7.
    expect(all.begin('a:9', ['camera'])).toBe('a:7');
    expect(all.begin('a:9', ['camera', 'unit'])).toBe('a:9');
  });

  test('said again is the old need; a tab that left or fell silent needs nothing', () => {
    const all = needs();
    all.say({ tab: 'one', layers: ['unit'], part: { bbox: null, everywhere: [] }, since: 'a:5' }, 0);
    all.say({ tab: 'one', layers: ['unit'], part: { bbox: null, everywhere: [] }, since: 'a:8' }, 1000);
    expect(all.begin('a:9', [])).toBe('a:5');
    all.say({ tab: 'two', layers: ['camera'], part: { bbox: null, everywhere: [] }, since: 'a:8' }, 140_000);
    expect(all.layers(140_000)).toEqual(['camera', 'unit']);
    expect(all.layers(160_000)).toEqual(['camera']);
    all.leave('two');
    expect(all.layers(160_000)).toEqual([]);
  });
});

test('the address of a stream says where it goes on; too many layers are all', () => {
  expect(eventsAddress({ layers: ['camera', 'unit'], area: null, after: 'a-b:7' })).toBe(
    '/events?layers=camera,unit&last_event_id=a-b:7',
  );
  expect(eventsAddress({ layers: [], area: null, after: null })).toBe('/events?');
  expect(eventsAddress({ layers: Array.from({ length: 101 }, (_, i) => `l${i}`), area: null, after: null })).toBe(
    '/events?',
  );
});

describe('the part of the map that is listened to', () => {
  const view: Bbox = [113.69, -8.18, 113.71, -8.16];

  test('holds the view with as much again around it, and is the same for who looks at the same place', () => {
    const area = areaFor(view, null);
    expect(area[0]).toBeLessThanOrEqual(113.67);
    expect(area[3]).toBeGreaterThanOrEqual(-8.14);
    expect(area[2] - area[0]).toBeLessThan(0.15);
    expect(areaFor([113.691, -8.179, 113.711, -8.159], null)).toEqual(area);
  });

  test('stays while the view stays in it and is not much smaller', () => {
    const area = areaFor(view, null);
    expect(areaFor([113.68, -8.19, 113.7, -8.17], area)).toBe(area);
    expect(areaFor([113.8, -8.18, 113.82, -8.16], area)).not.toBe(area);
    expect(areaFor([113.7, -8.171, 113.701, -8.17], area)[2]).toBeLessThan(area[2]);
  });

  test('is the whole way round where it reaches the 180th meridian, and never beyond the poles', () => {
    expect(areaFor([170, -10, 179, -1], null)).toMatchObject({ 0: -180, 2: 180 });
    expect(areaFor([-180, -85, 180, 85], null)).toEqual([-180, -90, 180, 90]);
  });

  test('of several tabs is around all of theirs; a tab that shows nothing large widens nothing', () => {
    const all = needs();
    all.say(
      { tab: 'one', layers: ['camera', 'lamp'], part: { bbox: [1, 1, 2, 2], everywhere: ['camera'] }, since: 'a:5' },
      0,
    );
    all.say({ tab: 'two', layers: ['unit'], part: { bbox: null, everywhere: ['unit'] }, since: 'a:5' }, 0);
    const area = all.area(0);
    expect(area).toEqual({ bbox: [1, 1, 2, 2], everywhere: ['camera', 'unit'] });
    expect(all.exceed(['camera', 'lamp', 'unit'], area, 0)).toBe(false);
    all.say({ tab: 'two', layers: ['lamp'], part: { bbox: [3, 0, 4, 1], everywhere: [] }, since: 'a:5' }, 0);
    expect(all.area(0)?.bbox).toEqual([1, 0, 4, 2]);
    expect(all.exceed(['camera', 'lamp', 'unit'], area, 0)).toBe(true);
    expect(eventsAddress({ layers: ['camera', 'lamp'], area, after: null })).toBe(
      '/events?layers=camera,lamp&bbox=1,1,2,2&everywhere=camera,unit',
    );
    all.leave('one');
    all.say({ tab: 'two', layers: ['unit'], part: { bbox: null, everywhere: ['unit'] }, since: 'a:5' }, 0);
    expect(all.area(0)).toBeNull();
  });
});

test('attempts come ever more slowly, spread, and never later than every 15 s', () => {
  expect([1, 2, 3, 20].map((failures) => retryMs(failures, 1))).toEqual([500, 1000, 2000, 15_000]);
  expect(retryMs(3, 0)).toBe(1000);
});

test('a connection that brings nothing for more than 20 s is stale, one that is lost is lost', () => {
  expect(standing({ link: 'live', pictureAt: 0 }, 20_000)).toBe('live');
  expect(standing({ link: 'live', pictureAt: 0 }, 20_001)).toBe('stale');
  expect(standing({ link: 'offline', pictureAt: 0 }, 1)).toBe('offline');
  expect(standing({ link: 'connecting', pictureAt: null }, 60_000)).toBe('connecting');
});

test('list_without_news: on a silent connection a list that still comes makes the picture no newer', () => {
  expect(pictureTime({ link: 'live', pictureAt: 1000 }, 22_000)).toBe(1000);
  expect(pictureTime({ link: 'live', pictureAt: null }, 22_000)).toBe(0);
});

test('without a connection the picture is as old as the list by which the map asks again', () => {
  expect(pictureTime({ link: 'offline', pictureAt: 1000 }, 22_000)).toBe(22_000);
  expect(pictureTime({ link: 'connecting', pictureAt: null }, 500)).toBe(500);
  expect(pictureTime({ link: 'offline', pictureAt: 1000 }, 0)).toBe(1000);
});
