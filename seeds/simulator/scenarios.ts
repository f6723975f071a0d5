import type { ReportCategory } from '../jember/report.ts';
import type { Km } from '../plane.ts';
import { type Incident, minuteMs, rivers } from './incidents.ts';

interface Scenario {
  /** In a few words, for whoever chooses. */
  readonly about: string;
  readonly incidents: (start: number, centres: readonly Km[]) => readonly Incident[];
}

const after = (start: number, minutes: number) => start + minutes * minuteMs;
const between = (start: number, from: number, to: number) => ({ from: after(start, from), to: after(start, to) });
/** People report it, at these minutes. */
const reported = (start: number, about: readonly ReportCategory[], minutes: readonly number[]): Incident[] =>
  minutes.map((each) => ({ kind: 'complaint', from: after(start, each), about }));

/** What is added to an ordinary day that begins at `start` (city time); `centres` are the town, then the seats. */
export const scenarios = {
  'flood-bedadung': {
    about: 'a wave goes down the Bedadung: siaga 3, 2, 1 from the mountains to the sea',
    incidents: (start) => [
      { kind: 'rain', river: 'Bedadung', from: after(start, 5), strength: 1.5, riseMinutes: 90, fallMinutes: 240 },
      { kind: 'emergency', ...between(start, 40, 600) },
      ...reported(start, ['drainage'], [70, 95, 110, 130, 160, 200, 250, 310]),
    ],
  },
  'market-day': {
    about: "the markets are full: signals run the market's plan, units stand by, somebody presses a button",
    incidents: (start, centres) => [
      { kind: 'market', centres, radiusKm: 1.5, ...between(start, 2, 360) },
      { kind: 'press', which: 0.3, from: after(start, 8) },
      ...reported(start, ['traffic', 'waste', 'public_order'], [12, 45, 90, 150, 230, 320]),
    ],
  },
  storm: {
    about: 'rain on every river, switches struck, trees down, a part of the town without electricity',
    incidents: (start, centres) => [
      ...rivers.map(
        (river, i): Incident => ({
          kind: 'rain',
          river,
          from: after(start, 3 + i * 4),
          strength: 0.7 + (i % 3) * 0.2,
          riseMinutes: 60,
          fallMinutes: 180,
        }),
      ),
      ...[0.1, 0.4, 0.8].map((which, i): Incident => ({ kind: 'switch', which, ...between(start, 5 + i * 6, 60) })),
      { kind: 'blackout', centre: centres[0]!, radiusKm: 0.6, ...between(start, 15, 80) },
      { kind: 'emergency', ...between(start, 10, 240) },
      ...reported(start, ['fallen_tree', 'drainage', 'streetlight'], [8, 14, 19, 27, 36, 48, 60, 75, 100, 140, 190]),
    ],
  },
  blackout: {
    about: 'the town and what is near it without electricity for an hour',
    incidents: (start, centres) => [
      { kind: 'blackout', centre: centres[0]!, radiusKm: 2.5, ...between(start, 1, 60) },
      { kind: 'emergency', ...between(start, 5, 60) },
      ...reported(start, ['streetlight', 'traffic'], [3, 6, 9, 15, 24, 40]),
    ],
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

/** Whether a text is the name of a scenario. */
export function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}
