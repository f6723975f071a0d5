import { useEffect } from 'react';
import { replay } from '../page.ts';

/** What takes a space for itself. */
const taking =
  'button, a, summary, select, textarea, [contenteditable], [role=dialog], [role=menu], [role=slider], input:not([type=range])';

/** The space bar starts and stops a replay, wherever the focus is but in what takes it itself. */
export function useReplayKeys(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (!replay.state.get().open || (event.target instanceof Element && event.target.closest(taking))) return;
      event.preventDefault();
      replay.play(!replay.state.get().playing);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
