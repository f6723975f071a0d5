import type { Summary } from '../registry/catalogue.ts';
import type { View } from '../registry/view.ts';
import type { LiveCopy } from './copy.ts';
import { matcherOf } from './matcher.ts';
import { summarise } from './summary.ts';

/** What can be said of a view at once, worked out again only when its layer has changed. */
export function summaries(live: LiveCopy): (view: View) => Promise<Summary> {
  const known = new Map<string, { readonly revision: number; readonly summary: Summary }>();
  return async (view) => {
    const of = live.layer(view.layer.id);
    const found = known.get(view.key);
    if (found?.revision === of.revision) return found.summary;
    const { revision } = of;
    const summary = summarise(of, view, await matcherOf(live, view));
    known.set(view.key, { revision, summary });
    return summary;
  };
}
