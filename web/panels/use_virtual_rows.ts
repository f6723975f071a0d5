import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

/** Rows drawn above and below what is seen, so that scrolling finds them there. */
const spare = 6;

/** What a row's element takes so that arrows lead through the list. */
export interface RowProps {
  readonly 'data-index': number;
  readonly tabIndex: 0 | -1;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
}

export interface VirtualRowsOptions {
  readonly count: number;
  /** Height of every row, and of a head that stays above them, in rem. */
  readonly height: number;
  readonly head?: number;
  /** The row to bring into sight whenever it is another one. */
  readonly shown?: number | undefined;
  /** The first row takes the focus when the list opens. */
  readonly focusFirst?: boolean;
  /** Called when the last rows come into sight. */
  readonly onEnd?: (() => void) | undefined;
  /** Told how far the list is scrolled, in pixels. */
  readonly onScroll?: ((top: number) => void) | undefined;
}

/** Which rows of a long list exist, and the keys that lead through all of it: arrows, page keys, Home and End. */
export function useVirtualRows({
  count,
  height: rowRem,
  head = 0,
  shown,
  focusFirst,
  onEnd,
  onScroll,
}: VirtualRowsOptions) {
  const { ref: frame, height } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const wanted = useRef<number | null>(focusFirst ? 0 : null);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const rowHeight = rowRem * rem;
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight) - spare));
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);
  const nearEnd = last >= count;
  useEffect(() => {
    if (nearEnd && height > 0) onEnd?.();
  }, [nearEnd, height, onEnd]);

  // The row a key asked for exists only once the list has scrolled there and drawn it.
  useEffect(() => {
    const found = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!found) return;
    wanted.current = null;
    found.focus({ preventScroll: true }); // it is in sight already, and the browser would look for it among other rows
  });

  const reveal = (index: number) => {
    const box = scroller.current;
    if (!box) return;
    if (index * rowHeight < box.scrollTop) box.scrollTop = index * rowHeight;
    const bottom = (index + 1) * rowHeight + head * rem - box.clientHeight;
    if (bottom > box.scrollTop) box.scrollTop = bottom;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is shown moves the list, not each new row of it
  useEffect(() => {
    if (shown === undefined || height === 0) return;
    setActive(shown);
    reveal(shown);
  }, [shown, height > 0]);

  const keys: Readonly<Record<string, () => number>> = {
    ArrowDown: () => active + 1,
    ArrowUp: () => active - 1,
    PageDown: () => active + 10,
    PageUp: () => active - 10,
    Home: () => 0,
    End: () => count - 1,
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const to = keys[event.key];
    if (!to) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(count - 1, to()));
    setActive(index);
    reveal(index);
    wanted.current = index;
  };
  return {
    ...{ frame, scroller, first, last, rowHeight },
    onScroll(event: React.UIEvent<HTMLDivElement>) {
      setTop(event.currentTarget.scrollTop);
      onScroll?.(event.currentTarget.scrollTop);
    },
    rowProps: (index: number): RowProps => ({
      'data-index': index,
      tabIndex: index === active || (index === first && (active < first || active >= last)) ? 0 : -1,
      onFocus: () => setActive(index),
      onKeyDown,
    }),
  };
}
