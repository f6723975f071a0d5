import { expect, test } from 'vitest';
import type { FeedReport } from '../../server/ingest/pull/feed_reports.ts';
import { sourceState, sourcesTrouble } from '../../web/panels/sources_state.ts';

const text = { id: 'Sumber', en: 'Source' };
const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString();
const feed = (members: Partial<FeedReport> = {}): FeedReport => ({
  ...{ id: 'a', title: text, attribution: 'X', layer: 'quake', layerTitle: text, everyMinutes: 1 },
  ...{ enabled: true, paused: false, pulling: false, lastRun: at(0), lastSuccess: at(1), age: 10, nextRun: at(30) },
  ...{ overdue: false, failures: 0, failure: null, lastResult: null },
  ...members,
});
const refused = feed({ failures: 2, failure: 'refused', age: 2520 });
const silent = feed({ failures: 1, failure: 'unreachable', age: 300, lastRun: at(20) });

test('one word for each feed', () => {
  expect(sourceState(feed())).toBe('good');
  expect(sourceState(feed({ age: null }))).toBe('waiting');
  expect(sourceState(refused)).toBe('failing');
  expect(sourceState(silent)).toBe('unreachable');
  expect(sourceState(feed({ overdue: true }))).toBe('overdue');
  expect(sourceState(feed({ ...refused, paused: true }))).toBe('paused');
  expect(sourceState(feed({ ...refused, enabled: false }))).toBe('off');
});

test('nothing is said when all is well, or switched off, or not in use', () => {
  expect(sourcesTrouble([])).toBeUndefined();
  expect(sourcesTrouble([feed(), feed({ age: null })])).toBeUndefined();
  expect(sourcesTrouble([feed({ ...refused, paused: true }), feed({ ...refused, enabled: false })])).toBeUndefined();
});

test('one that fails is named, several are counted', () => {
  expect(sourcesTrouble([feed(), refused])).toEqual({ kind: 'one', feed: refused });
  expect(sourcesTrouble([feed(), silent])).toEqual({ kind: 'one', feed: silent });
  expect(sourcesTrouble([refused])).toEqual({ kind: 'one', feed: refused });
  expect(sourcesTrouble([feed(), refused, silent])).toEqual({ kind: 'many', count: 2 });
});

test('one that should have been pulled long ago is trouble though no pull failed', () => {
  const late = feed({ overdue: true, age: 4000 });
  expect(sourcesTrouble([feed(), late])).toEqual({ kind: 'one', feed: late });
  expect(sourcesTrouble([late])).toEqual({ kind: 'one', feed: late });
  expect(sourcesTrouble([silent, late])).toEqual({ kind: 'many', count: 2 });
  expect(sourcesTrouble([feed({ overdue: true, paused: true })])).toBeUndefined();
});

test('no network is when nobody answers, and nobody was heard since they were asked', () => {
  expect(sourcesTrouble([silent])).toEqual({ kind: 'no_network', age: 300 });
  expect(sourcesTrouble([feed({ ...silent, age: null })])).toEqual({ kind: 'no_network', age: null });
  // One that is not due yet says nothing against it.
  expect(sourcesTrouble([silent, feed({ ...silent, age: 60 }), feed()])).toEqual({ kind: 'no_network', age: 10 });
  expect(sourcesTrouble([silent, silent, feed({ lastSuccess: at(25) })])).toEqual({ kind: 'many', count: 2 });
});
