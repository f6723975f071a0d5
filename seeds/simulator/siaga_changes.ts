import { type Fleet, numberOf, type Thing } from './city.ts';
import type { Batches } from './simulation.ts';

/** Tells in words which gauges came to another siaga by what was sent, since it was asked last. */
export function siagaChanges(fleet: Fleet): (sent: Batches) => string[] {
  const gauges = new Map((fleet.get('river_gauge') ?? []).map((gauge) => [gauge.code, gauge]));
  const known = new Map([...gauges].map(([code, gauge]) => [code, siagaOf(gauge, numberOf(gauge, 'level_cm'))]));
  return (sent) =>
    (sent.get('river_gauge') ?? []).flatMap(({ code, level_cm: level }) => {
      const gauge = gauges.get(code);
      const siaga = gauge && siagaOf(gauge, typeof level === 'number' ? level : undefined);
      if (siaga === undefined || siaga === known.get(code)) return [];
      known.set(code, siaga);
      return [`${gauge!.values.name}: siaga ${siaga} (${level} cm)`];
    });
}

/** As the server works it out; 1 is the worst. */
function siagaOf(gauge: Thing, level: number | undefined): number | undefined {
  if (level === undefined) return undefined;
  const reached = [1, 2, 3].find((siaga) => level >= (numberOf(gauge, `siaga${siaga}_cm`) ?? Number.POSITIVE_INFINITY));
  return reached ?? 4;
}
