import { fate } from '../../fate.ts';
import { type Generator, minutesBefore, simulated } from '../../row.ts';
import { hospitals } from '../facts.ts';

/** Shares of a hospital's beds by class, after the usual licence. */
const shares = {
  vvip: 0.04,
  class1: 0.14,
  class2: 0.2,
  class3: 0.46,
  icu: 0.06,
  nicu: 0.02,
  picu: 0.02,
  isolation: 0.06,
} as const;

/** The 13 hospitals of the Ministry's list; all but dr. Soebandi are placed plausibly, free beds are simulated. */
export const hospital: Generator = function* ({ region, chance, now }) {
  const taken = new Set<string>();
  for (const { code, name, type, class: kind, owner, beds, point } of hospitals()) {
    // A hospital named after its town lies near that town's centre; the others in Jember.
    const seat = region.seats.find(({ name: town }) => name.includes(` ${town} `));
    const near = region.villages.filter(
      (village) =>
        !taken.has(village.code) && (seat ? village.district === seat.district : village.kind === 'kelurahan'),
    );
    const position = point ?? chance.pick(near).point;
    const area = region.boundaries.villageAt(position) ?? null;
    if (area !== null) taken.add(area); // two on one spot would hide each other
    const minutes = chance.integer(2, 50);
    const classes = Object.entries(shares).flatMap(([key, share]) => {
      const total = Math.round(beds * share);
      const at = minutesBefore(now, minutes + chance.integer(0, 40));
      const free = total === 0 ? 0 : Math.round(total * chance.next() * 0.35);
      // Some are being cleaned; now and then somebody lies in an extra bed.
      const aside = Math.round(total * (fate(`${code} ${key}`, 'cleaned') * 0.06 - 0.01));
      return [
        [`${key}_total`, total],
        [`${key}_free`, free],
        [`${key}_used`, Math.max(0, total - free - aside)],
        [`${key}_queue`, free === 0 && total > 0 ? Math.floor(fate(`${code} ${key}`, 'queue') * 4) : 0],
        [`${key}_at`, at],
      ] as const;
    });
    yield simulated(position, {
      code,
      name,
      facility_status: 'normal',
      igd_status: type.includes('GM') ? 'not_applicable' : chance.weighted({ normal: 85, advisory: 15 }),
      clinical_status: 'normal',
      security_status: 'normal',
      morgue_status: 'open',
      beds_total: beds,
      queue: chance.integer(0, 6),
      ...Object.fromEntries(classes),
      hospital_class: kind.toLowerCase(),
      hospital_type: type,
      owner,
      address: point ? null : 'Lokasi perkiraan (simulasi)',
      observed_at: minutesBefore(now, minutes),
      agency: 'Dinkes',
      area_code: area,
    });
  }
};
