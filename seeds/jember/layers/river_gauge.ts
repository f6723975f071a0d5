import { fate, isSilent } from '../../fate.ts';
import { toDegrees } from '../../plane.ts';
import { type Generator, minutesBefore, numbered, padded, simulated } from '../../row.ts';
import { along } from '../along.ts';
import type { River } from '../rivers.ts';

/** Metres a second at which a flood crest travels down a river of this slope; schematic. */
const crestMetresPerSecond = 1.6;

/** Gauges down each river, as many as its length deserves; the last of a tributary leads to the river it joins. */
export const river_gauge: Generator = function* ({ region, chance, count, now }) {
  const total = region.rivers.reduce((sum, { lengthKm }) => sum + lengthKm, 0);
  const wanted = count(500, 24);
  const stations = new Map<string, { code: string; atKm: number }[]>();
  const nameOf = numbered();
  let number = 0;
  for (const { name, lengthKm } of region.rivers) {
    const here = Math.max(3, Math.round((wanted * lengthKm) / total));
    stations.set(
      name,
      Array.from({ length: here }, (_, i) => ({
        code: `PDA-${padded(++number, 3)}`,
        atKm: (lengthKm * (i + 0.5)) / here,
      })),
    );
  }
  for (const river of region.rivers) {
    const here = stations.get(river.name)!;
    for (const [i, { code, atKm }] of here.entries()) {
      const next = here[i + 1] ?? downstream(river, stations);
      const gapKm = next && here[i + 1] ? next.atKm - atKm : river.lengthKm - atKm;
      const position = toDegrees(along(river.line, atKm, 0.01));
      const area = region.boundaries.villageAt(position) ?? null;
      const low = 60 + Math.round((atKm / river.lengthKm) * 90);
      const [siaga3, siaga2, siaga1] = [low + 90, low + 140, low + 190];
      // Most are calm; a few upstream are up, so that the map has something to say.
      const silent = isSilent('river_gauge', code);
      const height =
        silent && chance.chance(0.3) ? 'never' : chance.weighted({ calm: 87, alert: 8, high: 4, worst: 1 });
      const level = {
        calm: chance.integer(low - 40, siaga3 - 5),
        alert: chance.integer(siaga3, siaga2 - 1),
        high: chance.integer(siaga2, siaga1 - 1),
        worst: chance.integer(siaga1, siaga1 + 60),
        never: null,
      }[height];
      const rate = height === 'calm' ? chance.integer(-4, 4) : chance.integer(6, 38);
      const manual = chance.chance(0.25);
      const minutes = silent ? chance.integer(100, 600) : chance.integer(0, manual ? 60 : 9);
      // A sensor hangs well above the highest water.
      const reference = manual ? null : siaga1 + 200;
      const acknowledged = (height === 'alert' || height === 'high') && fate(code, 'acknowledged') < 0.5;
      yield simulated(position, {
        code,
        name: nameOf(`${river.name} – ${area ? region.village(area).name : 'muara'}`),
        river: river.name,
        level_cm: level,
        rate_cm_h: level === null ? null : rate,
        trend: level === null ? null : rate > 2 ? 'rising' : rate < -2 ? 'falling' : 'steady',
        previous_level_cm: level === null ? null : level - rate,
        measured_distance_cm: reference === null || level === null ? null : reference - level,
        reference_level_cm: reference,
        ack_siaga: !acknowledged ? null : height === 'high' ? '2' : '3',
        ack_at: acknowledged ? minutesBefore(now, minutes) : null,
        siaga1_cm: siaga1,
        siaga2_cm: siaga2,
        siaga3_cm: siaga3,
        siaga4_cm: 0,
        threshold_operator: 'at_or_above',
        threshold_source: 'Simulasi',
        threshold_since: '2026-01-12',
        quality: level === null ? null : chance.chance(0.97) ? 'good' : 'suspect',
        method: manual ? 'manual' : 'telemetry',
        travel_min: next ? Math.round((gapKm * 1000) / crestMetresPerSecond / 60) : null,
        next_gauge_code: next?.code ?? null,
        observed_at: level === null ? null : minutesBefore(now, minutes),
        agency: 'DPU SDA',
        area_code: area,
      });
    }
  }
};

/** The first gauge below the place where a tributary ends. */
function downstream({ joins }: River, stations: ReadonlyMap<string, readonly { code: string; atKm: number }[]>) {
  return joins && stations.get(joins.river)?.find(({ atKm }) => atKm > joins.atKm);
}
