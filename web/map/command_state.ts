import type { Command } from '../../server/registry/point_signs.ts';

/** What came of a command: nothing to tell; asked and not reported yet; past its deadline, and the device does otherwise. */
export type CommandState = 'none' | 'asked' | 'differs';

/**
 * What came of what a thing was asked to do, by its attributes. A device that cannot report back stays "asked" for as
 * long as what it is asked is not what is known of it.
 */
export function commandState(
  command: Command | undefined,
  properties: Readonly<Record<string, unknown>>,
): CommandState {
  if (!command) return 'none';
  const { [command.commanded]: commanded, [command.reported]: reported, [command.verified]: verified } = properties;
  if (verified === 'differs') return 'differs';
  if (commanded === undefined || commanded === null || commanded === reported || verified === 'verified') return 'none';
  return command.rest?.includes(String(commanded)) ? 'none' : 'asked';
}
