import { parseArgs } from 'node:util';
import { isScenario, type ScenarioName, scenarios } from './scenarios.ts';

/** What `npm run simulate` was asked for. */
export interface Options {
  readonly scenario: ScenarioName | undefined;
  /** City seconds in a second on the wall. */
  readonly speed: number;
  readonly seed: string;
  readonly url: URL;
  /** The broker that gauges, sirens and buttons speak to; undefined: everything goes over HTTP. */
  readonly mqtt: URL | undefined;
}

const list = Object.entries(scenarios).map(([name, { about }]) => `  ${name.padEnd(16)}${about}`);

export const help = `npm run simulate -- [scenario] [options]

Drives the demo regency of a running server until Ctrl-C. Without a scenario it is an ordinary day.

${list.join('\n')}

  --speed 60      city minutes in a minute, 1 to 600
  --seed jember   the same seed, the same day
  --url …         address of the server (http://localhost:PORT)
  --mqtt …        broker that gauges, sirens and buttons speak to (mqtt://localhost:1883); without it all use HTTP

INGEST_KEY is the key of the devices, where the server has one. While it runs the server's own simulator waits.`;

/** The options of a command line; a text tells what is wrong with it, or the help that it asks for. */
export function options(
  args: readonly string[],
  port: number,
): Options | { readonly say: string; readonly code: 0 | 2 } {
  const wrong = (say: string) => ({ say: `${say}\nnpm run simulate -- --help tells more.`, code: 2 }) as const;
  let given: ReturnType<typeof read>;
  try {
    given = read(args);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = given;
  if (values.help) return { say: help, code: 0 };
  const [scenario, ...more] = positionals;
  if (more.length > 0 || (scenario !== undefined && !isScenario(scenario)))
    return wrong(
      `There is no scenario '${positionals.join(' ')}'. The scenarios are: ${Object.keys(scenarios).join(', ')}; without one it is an ordinary day.`,
    );
  const speed = Number(values.speed);
  if (!(speed >= 1 && speed <= 600)) return wrong('--speed is a number from 1 to 600: city minutes in a minute.');
  const url = address(values.url ?? `http://localhost:${port}`, /^https?:$/);
  if (!url) return wrong('--url is the address of the server, as http://localhost:8080.');
  const mqtt = values.mqtt === undefined ? undefined : address(values.mqtt, /^(mqtts?|wss?):$/);
  if (values.mqtt !== undefined && !mqtt) return wrong('--mqtt is the address of a broker, as mqtt://localhost:1883.');
  return { scenario, speed, seed: values.seed, url, mqtt };
}

function read(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      mqtt: { type: 'string' },
      speed: { type: 'string', default: '60' },
      seed: { type: 'string', default: 'jember' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

function address(text: string, protocol: RegExp): URL | undefined {
  const url = URL.parse(text);
  return url && protocol.test(url.protocol) ? url : undefined;
}
