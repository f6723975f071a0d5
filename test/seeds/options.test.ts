import { expect, test } from 'vitest';
import { options } from '../../seeds/simulator/options.ts';
import { scenarios } from '../../seeds/simulator/scenarios.ts';

test('a scenario, or an ordinary day, at the port of this machine', () => {
  expect(options(['flood-bedadung', '--speed', '120', '--seed', 'x'], 8104)).toEqual({
    scenario: 'flood-bedadung',
    speed: 120,
    seed: 'x',
    url: new URL('http://localhost:8104'),
    mqtt: undefined,
  });
  expect(options([], 80)).toMatchObject({ scenario: undefined, speed: 60, seed: 'jember' });
  expect(options(['storm', '--mqtt', 'mqtt://localhost:1883'], 80)).toMatchObject({
    mqtt: new URL('mqtt://localhost:1883'),
  });
});

test('help names every scenario and is no error', () => {
  const help = options(['--help'], 80);
  expect(help).toMatchObject({ code: 0 });
  for (const name of Object.keys(scenarios)) expect(help).toMatchObject({ say: expect.stringContaining(name) });
});

test.each([
  [
    'unknown_scenario',
    ['tsunami'],
    "There is no scenario 'tsunami'. The scenarios are: flood-bedadung, market-day, storm, blackout",
  ],
  ['inherited_name', ['constructor'], "There is no scenario 'constructor'"],
  ['two_scenarios', ['storm', 'blackout'], "There is no scenario 'storm blackout'"],
  ['unknown_option', ['--sped', '3'], '--sped'],
  ['speed_zero', ['--speed', '0'], '--speed is a number from 1 to 600'],
  ['speed_word', ['--speed', 'fast'], '--speed is a number from 1 to 600'],
  ['bad_url', ['--url', 'localhost:8080'], '--url is the address of the server'],
  ['bad_broker', ['--mqtt', 'http://localhost'], '--mqtt is the address of a broker'],
])('%s is refused with a reason', (_, args, say) => {
  expect(options(args, 80)).toEqual({ code: 2, say: expect.stringContaining(say) });
});
