import { expect, test } from 'vitest';
import { commandState } from '../../web/map/command_state.ts';

const command = { commanded: 'commanded', reported: 'reported', verified: 'verified', rest: ['idle'] };
const came = (commanded: unknown, reported: unknown, verified?: unknown) =>
  commandState(command, { commanded, reported, verified });

test('asked and not reported yet is not the same as a device that does otherwise', () => {
  expect(came('sounding', 'idle', 'unknown')).toBe('asked');
  expect(came('sounding', 'idle', 'differs')).toBe('differs');
  expect(came('sounding', 'sounding', 'verified')).toBe('none');
});

test('what no device confirms stays asked, also of one that never reported', () => {
  expect(came('sounding', undefined)).toBe('asked');
  expect(came('sounding', null, 'unknown')).toBe('asked');
  // A quiet test that was done left the siren idle.
  expect(came('quiet_test', 'idle', 'verified')).toBe('none');
});

test('a command to rest asks for nothing, unless the device is seen not to', () => {
  expect(came('idle', 'unknown', 'unknown')).toBe('none');
  expect(came('idle', 'sounding', 'differs')).toBe('differs');
});

test('zero is a plan, null is no command', () => {
  const plans = { commanded: 'commanded', reported: 'reported', verified: 'verified' };
  expect(commandState(plans, { commanded: 0, reported: 3 })).toBe('asked');
  expect(commandState(plans, { commanded: null, reported: 3 })).toBe('none');
  expect(commandState(undefined, { commanded: 0, reported: 3 })).toBe('none');
});
