import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature } from '../api/feature.ts';
import { unitText } from '../i18n/unit.ts';
import { pageState } from '../page.ts';
import { select } from './actions.ts';
import { isCalendarYear } from './attribute_groups.ts';
import { AttributeValue } from './attribute_list.tsx';
import { ObservedAge } from './observed_age.tsx';
import styles from './table.module.css';
import { type TableColumn, tableColumns } from './table_columns.ts';
import { useBilingual, useLanguage, usePage } from './use.ts';
import { type RowProps, useVirtualRows } from './use_virtual_rows.ts';
import rows from './virtual_rows.module.css';

interface FeatureTableProps {
  readonly layer: CatalogueLayer;
  readonly features: readonly LayerFeature[];
  /** How many there are, here and still to come. */
  readonly matched: number;
  /** The property it is ordered by, `-` before it: largest first. */
  readonly sortby: string | undefined;
  readonly onSort: (sortby: string | undefined) => void;
  readonly onEnd: () => void;
}

/** The features of a layer with a column for everything; a row selects, and what was selected elsewhere comes into sight. */
export function FeatureTable({ layer, features, matched, sortby, onSort, onEnd }: FeatureTableProps) {
  const say = useBilingual();
  const selected = usePage('selected');
  const chosen = selected?.layer === layer.id ? features.findIndex(({ id }) => id === selected.id) : -1;
  const { frame, scroller, first, last, rowHeight, onScroll, rowProps } = useVirtualRows({
    ...{ count: features.length, height: 2.25, head: 2.5, shown: chosen < 0 ? undefined : chosen, onEnd },
  });
  const columns = tableColumns(layer);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const spacer = (rows: number) => rows > 0 && <tr style={{ height: rows * rowHeight }} />;
  return (
    <div ref={frame} className={rows.frame}>
      <div ref={scroller} className={rows.scroller} onScroll={onScroll}>
        <div style={{ height: (features.length + 1) * rowHeight }} className={styles.all}>
          <table
            aria-label={say(layer.title)}
            aria-rowcount={matched + 1}
            aria-colcount={columns.length}
            className={styles.table}
            style={{ width: `${width}rem` }}
          >
            <colgroup>
              {columns.map((column) => (
                <col key={column.key} style={{ width: `${column.width}rem` }} />
              ))}
            </colgroup>
            <thead>
              <tr aria-rowindex={1}>
                {columns.map((column) => (
                  <Head key={column.key} column={column} sortby={sortby} onSort={onSort} />
                ))}
              </tr>
            </thead>
            <tbody>
              {spacer(first)}
              {features.slice(first, last).map((feature, offset) => (
                <Row
                  key={feature.id}
                  layer={layer}
                  columns={columns}
                  feature={feature}
                  chosen={first + offset === chosen}
                  row={rowProps(first + offset)}
                />
              ))}
              {spacer(features.length - last)}
            </tbody>
          </table>
        </div>
      </div>
    </div>
  );
}

interface HeadProps extends Pick<FeatureTableProps, 'sortby' | 'onSort'> {
  readonly column: TableColumn;
}

/** A title that sorts: smallest first, largest first, as they come. */
function Head({ column: { key, title, kind, attribute }, sortby, onSort }: HeadProps) {
  const say = useBilingual();
  const language = useLanguage();
  const unit = attribute && 'unit' in attribute && !isCalendarYear(attribute) ? unitText(attribute.unit, language) : '';
  // Age runs against time: the youngest was observed last.
  const [up, down] = kind === 'age' ? [`-${key}`, key] : [key, `-${key}`];
  const Arrow = sortby === up ? IconArrowUp : IconArrowDown;
  const next = sortby === up ? down : sortby === down ? undefined : up;
  return (
    <th scope="col" aria-sort={sortby === up ? 'ascending' : sortby === down ? 'descending' : 'none'} data-kind={kind}>
      <button type="button" className={styles.sort} data-sort={key} title={say(title)} onClick={() => onSort(next)}>
        <span className={styles.heading}>
          {say(title)}
          {unit && <span className={styles.unit}> {unit}</span>}
        </span>
        {(sortby === up || sortby === down) && <Arrow size="0.875rem" aria-hidden="true" />}
      </button>
    </th>
  );
}

interface RowOptions {
  readonly layer: CatalogueLayer;
  readonly columns: readonly TableColumn[];
  readonly feature: LayerFeature;
  readonly chosen: boolean;
  readonly row: RowProps;
}

/** The button in the first cell has the keys; a pointer may take the row anywhere. */
function Row({ layer, columns, feature, chosen, row }: RowOptions) {
  const { t } = useTranslation();
  const choose = () => select(pageState, { layer: layer.id, id: feature.id });
  const [first, ...others] = columns;
  const name = first && feature.properties[first.key];
  return (
    <tr aria-rowindex={row['data-index'] + 2} data-chosen={chosen} onClick={choose}>
      <th scope="row">
        <button type="button" className={styles.name} aria-current={chosen} {...row}>
          {name === undefined || name === null || name === '' ? t('list.unnamed') : String(name)}
        </button>
      </th>
      {others.map(({ key, kind, attribute }) => {
        const value = feature.properties[key] ?? null;
        return (
          <td key={key} data-kind={kind}>
            {kind === 'age' && <ObservedAge layer={layer} feature={feature} />}
            {kind !== 'age' && (attribute ? <AttributeValue attribute={attribute} value={value} bare /> : value)}
          </td>
        );
      })}
    </tr>
  );
}
