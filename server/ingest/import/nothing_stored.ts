import { Problem } from '../../registry/problem.ts';
import type { ImportReport } from './report.ts';

/** As many faults as an answer may carry; the report has them all. */
const mostFaults = 1000;

/** Not one row of an import could be stored, and nothing was changed: with the reasons. */
export class NothingStored extends Problem {
  readonly report: ImportReport;

  constructor(report: ImportReport) {
    const { read, faults } = report;
    // What differs from row to row is in brackets and quotes: without it, rows with the same fault are alike.
    const kinds = Map.groupBy(faults, ({ reason }) => reason.replace(/\([^)]*\)|"[^"]*"/g, '…'));
    const [most = []] = [...kinds.values()].toSorted((a, b) => b.length - a.length);
    const example = most[0] ? ` ${most.length} of them as row ${most[0].row}: ${most[0].reason}` : '';
    const detail = `None of the ${read} rows can be stored, nothing was changed.${example}`;
    super('invalid_input', detail, undefined, { read, faults: faults.slice(0, mostFaults) });
    this.report = report;
  }
}
