import { fate } from '../../fate.ts';
import { type Generator, minutesBefore, padded, simulated } from '../../row.ts';
import { report } from '../report.ts';

const day = 24 * 60;

/** Complaints back in time at 12 a day: old ones mostly done, this week's in every state, some overdue. */
export const complaint: Generator = function* ({ region, chance, count, now }) {
  const wanted = count(20_000, 400);
  for (let i = 0; i < wanted; i++) {
    const ageDays = (i + chance.next()) / 12;
    const { category, agency, subject, channel, secret, anonymous } = report(chance);
    const { position, village } = region.mostlyTown(chance);
    const received = minutesBefore(now, ageDays * day);
    const state =
      ageDays > 8
        ? chance.weighted({ confirmed: 70, done: 24, refused: 3, merged: 3, in_progress: 1 })
        : ageDays > 2
          ? chance.weighted({ done: 45, in_progress: 28, assigned: 15, waiting: 7, reopened: 5 })
          : chance.weighted({ received: 30, triaged: 20, assigned: 30, in_progress: 20 });
    const closed = ['confirmed', 'done', 'refused', 'merged'].includes(state);
    const name = region.village(village).name;
    const code = `ADU-${padded(wanted - i, 6)}`;
    yield simulated(position, {
      code,
      subject: `${subject} di ${name}`,
      category,
      description: 'Aduan simulasi.',
      channel,
      state,
      triage: state === 'received' ? null : 'normal',
      received_at: received,
      verify_due_at: minutesBefore(received, -3 * day),
      due_at: minutesBefore(received, -7 * day),
      closed_at: closed ? minutesBefore(received, -Math.min(ageDays, 0.3 + chance.next() * 5) * day) : null,
      waiting_reason: state === 'waiting' ? 'Menunggu suku cadang' : null,
      waiting_since: state === 'waiting' ? minutesBefore(now, (ageDays - 1.5) * day * fate(code, 'waits')) : null,
      service_notice: ['assigned', 'in_progress'].includes(state) ? 'Ditangani regu wilayah pekan ini.' : null,
      votes: chance.chance(0.3) ? chance.integer(1, 14) : 0,
      duplicates: chance.chance(0.1) ? chance.integer(1, 5) : 0,
      secret,
      anonymous,
      observed_at: received,
      agency,
      area_code: village,
    });
  }
};
