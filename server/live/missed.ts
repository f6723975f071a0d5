import type { Change } from '../database/change_log.ts';
import { tell } from './feature_change.ts';
import { boxesAt, type Interest } from './interest.ts';

/**
 * What somebody is told who missed these changes, those behind the number `after`: each feature once, as it now is. Undefined when he must start over,
 * because it cannot be said without a word on rows that he may not see.
 */
export function missed(interest: Interest, changes: readonly Change[], after: number): readonly string[] | undefined {
  const texts: string[] = [];
  for (const view of interest.views) {
    const boxes = boxesAt(interest, view.view.layer.id);
    const ids = new Set<number>();
    const inserted = new Set<number>();
    let last = 0;
    for (const change of changes) {
      if (change.layer !== view.view.layer.id) continue;
      last = change.seq;
      for (const id of change.ids) {
        if (change.op === 'insert' && !ids.has(id)) inserted.add(id);
        ids.add(id);
      }
    }
    const told = view.since(ids, inserted, last, after);
    if (!told) return undefined;
    texts.push(...told.flatMap((change) => tell(change, boxes) ?? []));
  }
  return texts;
}
