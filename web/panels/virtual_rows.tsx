import { type RowProps, useVirtualRows, type VirtualRowsOptions } from './use_virtual_rows.ts';
import styles from './virtual_rows.module.css';

interface VirtualRowsProps<T> extends Omit<VirtualRowsOptions, 'count' | 'head'> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => number | string;
  readonly row: (item: T, props: RowProps) => React.ReactNode;
}

/** A long list of which only the rows in sight exist; arrows, Home and End move through all of it. */
export function VirtualRows<T>({ items, keyOf, row, ...options }: VirtualRowsProps<T>) {
  const { frame, scroller, first, last, rowHeight, onScroll, rowProps } = useVirtualRows({
    ...options,
    count: items.length,
  });
  return (
    <div ref={frame} className={styles.frame}>
      <div ref={scroller} className={styles.scroller} onScroll={onScroll}>
        <ul style={{ height: items.length * rowHeight, paddingTop: first * rowHeight }}>
          {items.slice(first, last).map((item, offset) => {
            const index = first + offset;
            return (
              <li key={keyOf(item)} aria-setsize={items.length} aria-posinset={index + 1} style={{ height: rowHeight }}>
                {row(item, rowProps(index))}
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
