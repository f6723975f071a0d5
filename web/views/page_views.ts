import { pageState } from '../page.ts';
import { pictureOf, type SavedView, savedViews } from './saved_views.ts';

/** The views of this page's viewer. */
export const pageViews = savedViews(() => localStorage);

/** Shows a kept view. */
export function openView(view: SavedView): void {
  pageState.set(pictureOf(view));
}

/** Shows the view of a key, 1 to 9; false when none is kept there. */
export function openViewAt(digit: number): boolean {
  const view = pageViews.kept.get().views[digit - 1];
  if (view) openView(view);
  return view !== undefined;
}
