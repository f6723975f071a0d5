import type { Condition } from './condition.ts';
import type { Filter } from './filter.ts';

/** The columns a filter reads, each once; the place of a row is not one of them. */
export function filterColumns({ condition }: Filter): readonly string[] {
  return [...new Set(columnsOf(condition))];
}

/** The columns a condition reads, once for each time it does. */
export function columnsOf(condition: Condition): readonly string[] {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.args.flatMap(columnsOf);
    case 'not':
      return columnsOf(condition.arg);
    case 'masked':
      return [...columnsOf(condition.mask), ...columnsOf(condition.term)];
    case 'constant':
    case 'spatial':
    case 'distance':
      return [];
    case 'null':
      return condition.column.kind === 'geometry' ? [] : [condition.column.name];
    default:
      return [condition.column];
  }
}
