import type { Summary } from '../registry/catalogue.ts';
import type { View } from '../registry/view.ts';
import type { LiveCopy } from './copy.ts';
import { matcherOf } from './matcher.ts';
import { summarise } from './summary.ts';

interface Known {
  readonly revision: number;
  readonly summary: Summary;
}

/** What is known of the views of each live copy. */
const ofCopy = new WeakMap<LiveCopy, Map<string, Known>>();
/** Every area that somebody is held to makes views of its own. */
const mostKnown = 1000;

/** What can be said of a view at once, worked out again only when its layer has changed. */
export async function summaryOf(live: LiveCopy, view: View): Promise<Summary> {
  const known = ofCopy.get(live) ?? new Map<string, Known>();
  ofCopy.set(live, known);
  const of = live.layer(view.layer.id);
  const found = known.get(view.key);
  if (found?.revision === of.revision) return found.summary;
  const { revision } = of;
  const summary = summarise(of, view, await matcherOf(live, view));
  if (known.size >= mostKnown) known.clear();
  known.set(view.key, { revision, summary });
  return summary;
}
