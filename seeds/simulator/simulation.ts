import type { Behaviour, City, Fleet, Observation } from './city.ts';
import { camera } from './layers/camera.ts';
import { complaint } from './layers/complaint.ts';
import { hospital } from './layers/hospital.ts';
import { panic_button } from './layers/panic_button.ts';
import { river_gauge } from './layers/river_gauge.ts';
import { siren } from './layers/siren.ts';
import { streetlight } from './layers/streetlight.ts';
import { traffic_light } from './layers/traffic_light.ts';
import { unit } from './layers/unit.ts';

/** How the things of each simulated layer behave. */
export const behaviours: ReadonlyMap<string, Behaviour> = new Map(
  Object.entries({ river_gauge, traffic_light, camera, unit, streetlight, siren, panic_button, hospital, complaint }),
);

/** What to send, by layer: one batch each, layers without news are not in it. */
export type Batches = ReadonlyMap<string, readonly Observation[]>;

/**
 * The city from a moment on the wall (milliseconds since 1970); asked at each later one what its things observe. Knows of
 * no server and no clock: the same fleet, city and moments give the same observations.
 */
export function simulation(fleet: Fleet, city: City, start: number): (wall: number) => Batches {
  const running = [...behaviours].flatMap(([layer, behaviour]) => {
    const things = fleet.get(layer) ?? [];
    return things.length > 0 ? [[layer, behaviour(things, city)] as const] : [];
  });
  return (wall) => {
    const moment = { wall, city: start + (wall - start) * city.speed };
    return new Map(
      running.map(([layer, report]) => [layer, report(moment)] as const).filter(([, batch]) => batch.length > 0),
    );
  };
}
