import { isSilent } from '../../fate.ts';
import { toDegrees } from '../../plane.ts';
import { type Generator, minutesBefore, padded, simulated } from '../../row.ts';
import { isNight } from '../../sun.ts';
import { along } from '../along.ts';

const spacingKm = 0.04;
/** Lamps on one circuit; when its fuse goes, all of them are out. */
const lampsPerCircuit = 24;

/** Lamps every 40 m, the town's streets first, then main roads and villages; then the other side of the road. */
export const streetlight: Generator = function* ({ region, chance, count, now }) {
  const wanted = count(60_000, 1500);
  const commanded = isNight(now.getTime()) ? 'on' : 'off';
  let made = 0;
  let circuit = 0;
  for (let pass = 0; made < wanted; pass++) {
    for (const { name, line, lengthKm, kind } of region.roads.roads) {
      const aside = (pass % 2 === 0 ? 1 : -1) * 0.005;
      const start = spacingKm * ((pass * 0.382) % 1);
      let onCircuit = 0;
      let dead = false;
      let telemetry = false;
      for (let atKm = start; atKm < lengthKm && made < wanted; atKm += spacingKm) {
        if (onCircuit++ % lampsPerCircuit === 0) {
          circuit++;
          dead = chance.chance(0.012);
          telemetry = kind === 'street' ? chance.chance(0.45) : chance.chance(0.1);
        }
        const position = toDegrees(along(line, atKm, aside));
        const area = region.boundaries.villageAt(position);
        if (area === undefined) continue;
        const found = chance.weighted({
          fine: 955,
          reported_out: 16,
          defectiveLamp: 14,
          confirmed_out: 8,
          brokenLantern: 4,
          columnIssue: 3,
        });
        const status = dead ? 'confirmed_out' : found === 'fine' ? (telemetry ? 'ok' : 'unknown') : found;
        const power = status === 'ok' ? commanded : 'off';
        const code = `PJU-${padded(++made, 6)}`;
        yield simulated(position, {
          code,
          pole: `${name.replace('Jl. ', '')} ${Math.round(atKm / spacingKm) + 1}${pass % 2 === 0 ? 'A' : 'B'}`.slice(
            0,
            100,
          ),
          status,
          power_state: telemetry ? power : null,
          commanded: telemetry ? commanded : null,
          verified: telemetry ? (power === commanded ? 'verified' : 'differs') : 'unknown',
          circuit: `S-${padded(circuit, 5)}`,
          cabinet: `APP-${padded(Math.ceil(circuit / 4), 4)}`,
          feeder_pillar: `GD-${padded(Math.ceil(circuit / 16), 3)}`,
          controlling_method: 'group',
          power_consumption: kind === 'arterial' ? 120 : 60,
          lantern_height: kind === 'arterial' ? 9 : 7,
          reported_out_at: status === 'reported_out' ? minutesBefore(now, chance.integer(60, 9000)) : null,
          location_category: 'street',
          observed_at: telemetry
            ? minutesBefore(now, isSilent('streetlight', code) ? chance.integer(30, 900) : chance.next() * 7)
            : null,
          agency: 'Dinas PU Cipta Karya',
          area_code: area,
        });
      }
    }
  }
};
