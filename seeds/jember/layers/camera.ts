import { fate, isSilent } from '../../fate.ts';
import { toDegrees } from '../../plane.ts';
import { type Generator, minutesBefore, padded, simulated } from '../../row.ts';

/** What the recorder says for ever of a camera that has electricity and network: some are broken. */
export function recorded(code: string): 'online' | 'degraded' | 'offline' {
  const share = fate(code, 'camera status');
  return share < 0.05 ? 'offline' : share < 0.07 ? 'degraded' : 'online';
}

/** Cameras at the main junctions first, then at smaller ones, markets and offices; groups share a switch. */
export const camera: Generator = function* ({ region, chance, count, now }) {
  const wanted = count(2200, 60);
  const { junctions } = region.roads;
  for (let i = 0; i < wanted; i++) {
    const junction = junctions[i % junctions.length]!;
    const round = Math.floor(i / junctions.length);
    const atJunction = round < 2;
    const spot = atJunction ? undefined : region.anywhere(chance);
    const position =
      spot?.position ?? toDegrees([junction.point[0] + 0.012 * (round * 2 - 1), junction.point[1] + 0.012]);
    const area = spot?.village ?? region.boundaries.villageAt(position) ?? null;
    const code = `CAM-${padded(i + 1, 4)}`;
    const status = chance.chance(0.015) ? 'disabled' : recorded(code);
    yield simulated(position, {
      code,
      name: atJunction
        ? `Simpang ${junction.name.replaceAll('Jl. ', '')}`
        : `Kamera ${area ? region.village(area).name : ''} ${i + 1}`,
      status,
      owner_type: chance.weighted({ city: 80, agency: 14, private_building: 6 }),
      owner: 'Dinas Komunikasi dan Informatika',
      purpose: atJunction ? 'traffic' : chance.pick(['security', 'disaster_prevention']),
      legal_basis: 'UU 27/2022 pasal 17 (simulasi)',
      retention_days: 30,
      sign_installed: chance.chance(0.85),
      heading_deg: chance.integer(0, 359),
      fov_deg: chance.pick([60, 75, 90, 110]),
      range_m: chance.pick([60, 80, 120, 200]),
      publish: atJunction && fate(code, 'publish') < 0.7,
      ...moves(chance.chance(0.2)),
      upstream_switch: `SW-${padded(Math.floor(i / 20) + 1, 3)}`,
      last_ok: minutesBefore(now, status === 'online' ? 0.3 : chance.integer(30, 4000)),
      observed_at: minutesBefore(
        now,
        status === 'disabled' || isSilent('camera', code) ? chance.integer(30, 4000) : chance.next() * 0.4,
      ),
      address: atJunction ? junction.name : null,
      protocol: 'rtsp',
      agency: 'Diskominfo',
      area_code: area,
    });
  }
};

/** Whether somebody can turn it, and where to. */
function moves(ptz: boolean) {
  const views = ['Persimpangan', 'Lengan utara', 'Lengan selatan'];
  const presets = views.map((name, i) => ({ number: i + 1, name }));
  return { ptz, presets: ptz ? JSON.stringify(presets) : null };
}
