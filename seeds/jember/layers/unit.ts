import { isSilent } from '../../fate.ts';
import { toDegrees } from '../../plane.ts';
import { type Generator, minutesBefore, padded, simulated } from '../../row.ts';
import { along } from '../along.ts';

const fleets = [
  { kind: 'patrol_car', agency: 'Satpol PP', call: 'Praja', share: 30 },
  { kind: 'motorcycle', agency: 'Dinas Perhubungan', call: 'Marga', share: 20 },
  { kind: 'ambulance', agency: 'Dinas Kesehatan', call: 'Husada', share: 20 },
  { kind: 'fire_engine', agency: 'Damkar', call: 'Pawang', share: 12 },
  { kind: 'rescue_truck', agency: 'BPBD', call: 'Tangguh', share: 12 },
  { kind: 'foot_team', agency: 'BPBD', call: 'Reksa', share: 6 },
] as const;

const tasks = {
  responding: 'Menuju laporan warga',
  on_scene: 'Penanganan di lokasi',
  enroute: 'Patroli wilayah',
  returning: 'Kembali ke pangkalan',
} as const;

/** Units on the main roads: most of them ready, some under way. */
export const unit: Generator = function* ({ region, chance, count, now }) {
  const roads = region.roads.roads.filter(({ kind }) => kind === 'arterial');
  const shares = Object.fromEntries(fleets.map(({ share }, i) => [i, share]));
  for (let made = 0; made < count(40, 40); ) {
    const fleet = fleets[Number(chance.weighted(shares))]!;
    const road = chance.pick(roads);
    const position = toDegrees(along(road.line, road.lengthKm * chance.next(), 0));
    // A road may lead outside; a unit stays in the regency.
    if (region.boundaries.villageAt(position) === undefined) continue;
    const code = `REGU-${padded(++made, 3)}`;
    const state = chance.weighted({
      available: 55,
      enroute: 20,
      responding: 8,
      on_scene: 8,
      returning: 6,
      unavailable: 3,
    });
    const moves = state === 'enroute' || state === 'responding' || state === 'returning';
    const silent = isSilent('unit', code);
    yield simulated(position, {
      code,
      name: `${fleet.call} ${padded(made, 2)}`,
      kind: fleet.kind,
      state,
      task: state in tasks ? tasks[state as keyof typeof tasks] : null, // looked up
      speed_km_h: moves ? chance.integer(15, 60) : 0,
      course_deg: chance.integer(0, 359),
      battery_percent: chance.integer(25, 100),
      link: silent ? 'offline' : 'online',
      observed_at: minutesBefore(now, silent ? chance.integer(10, 300) : chance.next() * 1.5),
      agency: fleet.agency,
      // It moves: where it is says its place, not a column.
      area_code: null,
    });
  }
};
