import type { Bilingual } from '../../registry/attribute.ts';

/** What an import did. `read` = inserted + updated + unchanged + rejected + skipped. */
export interface ImportReport {
  read: number;
  inserted: number;
  updated: number;
  unchanged: number;
  rejected: number;
  /** Rows whose key came up earlier in the same file. */
  skipped: number;
  /** Stored after the geometry was made valid, by row number. */
  repaired: number[];
  /** Stored without a place. */
  unlocated: number;
  /** Things of other layers that lie in another area, by the outlines that came. */
  relocated: number;
  /** Irregularities that were accepted, with the number of times. */
  readonly notes: Map<string, number>;
  /** Everything that was rejected, skipped or repaired, in the order found: at most 100,000. */
  readonly faults: Fault[];
  /** True when it was only tried. */
  readonly dryRun: boolean;
}

export interface Fault {
  readonly row: number;
  readonly reason: string;
  /** The same in both languages, where a rule of the layer says it. */
  readonly words?: Bilingual;
}

/** More than anybody reads; the counts go on. */
export const faultLimit = 100_000;

/** A report of an import that has read nothing yet. */
export function emptyReport(dryRun: boolean): ImportReport {
  const counts = {
    read: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    skipped: 0,
    unlocated: 0,
    relocated: 0,
  };
  return { ...counts, repaired: [], notes: new Map(), faults: [], dryRun };
}

/** Counts a row that is not stored. */
export function reject(report: ImportReport, fault: Fault): void {
  report.rejected++;
  addFault(report, fault);
}

/** Notes what is wrong with a row, up to a limit. */
export function addFault(report: ImportReport, fault: Fault): void {
  if (report.faults.length < faultLimit) report.faults.push(fault);
}

/** The report as lines of text; the first is the summary other programs may read. */
export function describeReport(report: ImportReport, shownFaults = 20): string[] {
  const { read, inserted, updated, unchanged, rejected, skipped, repaired, unlocated, notes, faults, dryRun } = report;
  const { relocated } = report;
  const counted = (count: number, text: string) => (count > 0 ? [`${count} ${text}`] : []);
  return [
    `${read} read, ${inserted} inserted, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected`,
    ...counted(skipped, 'skipped (same code earlier in the file)'),
    ...counted(repaired.length, 'repaired (the geometry was not valid)'),
    ...counted(unlocated, 'without a location'),
    ...counted(relocated, 'things of other layers have another area code now'),
    ...[...notes].map(([text, count]) => `note: ${text}${count > 1 ? ` (${count} times)` : ''}`),
    ...faults.slice(0, shownFaults).map(({ row, reason }) => `row ${row}: ${reason}`),
    ...counted(Math.max(0, faults.length - shownFaults), 'more; --report FILE writes all'),
    ...(dryRun ? ['dry run: nothing was changed'] : []),
  ];
}
