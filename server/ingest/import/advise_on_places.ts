import { faultLimit, type ImportReport } from './report.ts';

/** Where so many rows lie outside the region, it is not the rows that are wrong. */
const mostOf = 0.9;
const outside = /^outside the region/;

/**
 * Adds to the faults of rows outside the region what can be done: to take them all the same, or, where nearly all of them
 * are outside and `srs` says what their coordinates are, to ask whether it is right.
 */
export function adviseOnPlaces({ read, faults }: ImportReport, srs: string | undefined): void {
  const count = faults.filter(({ reason }) => outside.test(reason)).length;
  const isDoubtful = srs !== undefined && count >= mostOf * Math.min(read, faultLimit);
  const advice = isDoubtful ? `is --srs ${srs} right?` : 'use --anywhere';
  for (const [i, { row, reason }] of faults.entries())
    if (outside.test(reason)) faults[i] = { row, reason: `${reason}; ${advice}` };
}
