import type { Generator } from '../row.ts';
import { camera } from './layers/camera.ts';
import { complaint } from './layers/complaint.ts';
import { district } from './layers/district.ts';
import { flood_zone } from './layers/flood_zone.ts';
import { hospital } from './layers/hospital.ts';
import { panic_button } from './layers/panic_button.ts';
import { river_gauge } from './layers/river_gauge.ts';
import { shelter } from './layers/shelter.ts';
import { siren } from './layers/siren.ts';
import { streetlight } from './layers/streetlight.ts';
import { traffic_light } from './layers/traffic_light.ts';
import { umkm } from './layers/umkm.ts';
import { unit } from './layers/unit.ts';
import { village } from './layers/village.ts';

/** What the demo regency holds, in the order it is filled: areas first, the many last. */
export const generators: ReadonlyMap<string, Generator> = new Map(
  Object.entries({
    district,
    village,
    flood_zone,
    river_gauge,
    siren,
    shelter,
    hospital,
    panic_button,
    unit,
    traffic_light,
    camera,
    complaint,
    streetlight,
    umkm,
  }),
);
