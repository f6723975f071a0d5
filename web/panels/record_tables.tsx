import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attribute } from '../../server/registry/attribute.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerFeature, Value } from '../api/feature.ts';
import { dayText, hourText } from '../i18n/format.ts';
import { unitText } from '../i18n/unit.ts';
import { isTable } from './attribute_groups.ts';
import { AttributeValue } from './attribute_list.tsx';
import styles from './record_tables.module.css';
import { useBilingual, useLanguage, useNow } from './use.ts';

type Row = Readonly<Record<string, Value>>;

/** The attributes of a feature that are lists of records, each as a table. */
export function RecordTables({ layer, feature }: { readonly layer: CatalogueLayer; readonly feature: LayerFeature }) {
  const say = useBilingual();
  return Object.entries(layer.attributes).map(([key, attribute]) => {
    if (!isTable(attribute)) return null;
    const rows = rowsOf(feature.properties[key]);
    if (rows.length === 0) return null;
    return (
      <section key={key}>
        <h3>{say(attribute.title)}</h3>
        <RecordTable title={say(attribute.title)} columns={Object.entries(attribute.columns)} rows={rows} />
      </section>
    );
  });
}

interface TableProps {
  readonly title: string;
  readonly columns: readonly (readonly [key: string, attribute: Attribute])[];
  readonly rows: readonly Row[];
}

/** Where the first column is a time, a line for each day, and what is over keeps back. */
function RecordTable({ title, columns, rows }: TableProps) {
  const say = useBilingual();
  const language = useLanguage();
  const now = useNow(60_000);
  const [first] = columns;
  const timeOf = (row: Row | undefined) =>
    first?.[1].kind === 'instant' ? Date.parse(String(row?.[first[0]])) : Number.NaN;
  const present = rows.findLastIndex((row) => timeOf(row) <= now);
  const dayOf = (row: Row | undefined) => (Number.isNaN(timeOf(row)) ? '' : dayText(timeOf(row), language));
  return (
    <table className={styles.table} aria-label={title}>
      <thead>
        <tr>
          {columns.map(([key, attribute]) => (
            <th key={key} scope="col" data-kind={attribute.kind}>
              {say(attribute.title)}
              {'unit' in attribute && <span className={styles.unit}>{unitText(attribute.unit, language)}</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <Fragment key={first ? `${row[first[0]]}` : index}>
            {dayOf(row) !== dayOf(rows[index - 1]) && (
              <tr className={styles.day}>
                <th scope="colgroup" colSpan={columns.length}>
                  {dayOf(row)}
                </th>
              </tr>
            )}
            <tr data-past={index < present} aria-current={index === present ? 'time' : undefined}>
              {columns.map(([key, attribute]) => (
                <td key={key} data-kind={attribute.kind}>
                  <Cell attribute={attribute} value={row[key] ?? null} />
                </td>
              ))}
            </tr>
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ attribute, value }: { readonly attribute: Attribute; readonly value: Value }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (value === null)
    return (
      <span role="img" aria-label={t('page.no_data')}>
        –
      </span>
    );
  // The day stands above.
  if (attribute.kind === 'instant') return hourText(Date.parse(String(value)), language);
  return <AttributeValue attribute={attribute} value={value} />;
}

/** What the text holds; a text that is no list of records holds none. */
function rowsOf(value: Value | undefined): readonly Row[] {
  if (typeof value !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed.filter((row) => typeof row === 'object' && row !== null) : [];
  } catch {
    return [];
  }
}
