import { setTimeout as sleep } from 'node:timers/promises';
import { region } from '../jember/region.ts';
import { city, type Fleet, type Observation, type Place } from './city.ts';
import { type Door, type Receipt, readFleet } from './door.ts';
import { handsOff } from './hands_off.ts';
import { placeOf } from './place.ts';
import { type ScenarioName, scenarios } from './scenarios.ts';
import { type Batches, behaviours, simulation } from './simulation.ts';

/** The next step after the last; the shortest freshness, that of a traffic light, is 10 s. */
const tickMs = 5_000;
/** Between two attempts to reach a server that is not there. */
const waitMs = { least: 2_000, most: 30_000 };

export interface RunOptions {
  readonly seed: string;
  /** City seconds in a second on the wall. */
  readonly speed: number;
  readonly scenario?: ScenarioName;
  /** Whether another simulator drives the city now. */
  readonly isPaused?: () => boolean;
  readonly onStart?: (fleet: Fleet) => void;
  /** After each step: what was sent and what became of it, where that is told; `minutes` of the city since the start. */
  readonly onStep?: (sent: Batches, receipts: ReadonlyMap<string, Receipt>, minutes: number) => void;
  /** Told the first time that a server could not be reached, not again until it was. */
  readonly onTrouble?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Drives the demo regency of a server until `signal`. When the server is not reachable it waits, then begins anew from what
 * the server shows, so that nothing depends on what got lost.
 */
export async function run(door: Door, options: RunOptions): Promise<void> {
  const { signal, isPaused } = options;
  const place = placeOf(region());
  let begun: number | undefined;
  // When the city is known, or what a scenario has in its first minutes would be over before the first step.
  const begin = () => (begun ??= Date.now());
  let wait = waitMs.least;
  while (!signal?.aborted) {
    try {
      if (!isPaused?.()) await drive(door, place, options, begin, () => (wait = waitMs.least));
      await pause(tickMs, signal);
    } catch (error) {
      if (wait === waitMs.least) options.onTrouble?.(error instanceof Error ? error.message : String(error));
      await pause(wait, signal);
      wait = Math.min(wait * 2, waitMs.most);
    }
  }
}

/** Steps until the signal or the pause; throws when the server fails. */
async function drive(
  door: Door,
  place: Place,
  { seed, speed, scenario, signal, isPaused, onStart, onStep }: RunOptions,
  begin: () => number,
  worked: () => void,
): Promise<void> {
  const fleet = await readFleet(door, behaviours.keys());
  onStart?.(fleet);
  const begun = begin();
  const added = scenario ? scenarios[scenario].incidents(begun, place.centres) : [];
  const step = simulation(fleet, city(place, { seed, speed, added }), begun);
  const allowed = handsOff(door, fleet);
  for (let next = Date.now(); !signal?.aborted && !isPaused?.(); ) {
    const sent = new Map<string, readonly Observation[]>();
    const receipts = new Map<string, Receipt>();
    for (const [layer, batch] of step(Date.now())) {
      const ours = await allowed(layer, batch);
      if (ours.length === 0) continue;
      sent.set(layer, ours);
      const receipt = await door.post(layer, ours);
      if (receipt) receipts.set(layer, receipt);
    }
    worked();
    onStep?.(sent, receipts, ((Date.now() - begun) * speed) / 60_000);
    next = Math.max(next + tickMs, Date.now());
    await pause(next - Date.now(), signal);
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal && { signal }).catch(() => {}); // the signal ends it: seen by the caller
}
