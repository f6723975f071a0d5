import type { Attribute, Bilingual } from '../../server/registry/attribute.ts';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { isTable } from './attribute_groups.ts';

/** A column of a layer's table. */
export interface TableColumn {
  /** The property it shows, and is sorted by. */
  readonly key: string;
  readonly title: Bilingual;
  readonly kind: Attribute['kind'] | 'age';
  readonly attribute?: Attribute;
  /** In rem. */
  readonly width: number;
}

const widths = {
  ...{ text: 12, choice: 11, number: 8, integer: 8, boolean: 6, instant: 13, date: 8, age: 5.5 },
} as const satisfies Record<TableColumn['kind'], number>;

const age: TableColumn = { key: 'observed_at', kind: 'age', title: { id: 'Umur', en: 'Age' }, width: widths.age };
const code: TableColumn = { key: 'code', kind: 'text', title: { id: 'Kode', en: 'Code' }, width: 9 };
const agency: TableColumn = { key: 'agency', kind: 'text', title: { id: 'Instansi', en: 'Agency' }, width: 9 };

/** The columns of a layer's table: what it is, its state, how old that is, then everything else as it is declared. */
export function tableColumns(layer: CatalogueLayer): TableColumn[] {
  const column = (key: string): TableColumn[] => {
    const attribute = layer.attributes[key];
    if (!attribute) return [];
    const { title, kind } = attribute;
    return [{ key, title, kind, attribute, width: key === layer.name ? 15 : widths[kind] }];
  };
  const first = [layer.name, ...(layer.state === undefined ? [] : [layer.state])];
  const rest = Object.keys(layer.attributes).filter((key) => {
    const attribute = layer.attributes[key];
    return !first.includes(key) && attribute && !isTable(attribute);
  });
  const ages = layer.newest !== null || layer.staleAfterMinutes !== undefined;
  return [...first.flatMap(column), ...(ages ? [age] : []), code, ...rest.flatMap(column), agency];
}
