import { exactName } from '../../server/database/layer_table.ts';
import { columnDefinitions } from '../../server/registry/ddl.ts';
import { attributesOf, type Layer } from '../../server/registry/layer.ts';

/** A series keeps what is outside its limits, also of what counts; and says what is not to be trusted. */
export function seriesColumns(layer: Layer): string[] {
  const { attributes, quality } = layer.series!;
  const types = { number: 'double precision', integer: 'double precision', boolean: 'boolean' } as const;
  const columns = attributes.map((key) => {
    const { kind } = attributesOf(layer).get(key)!;
    return `${key} ${kind === 'number' || kind === 'integer' || kind === 'boolean' ? types[kind] : 'text'}`;
  });
  return quality === undefined ? [...columns, 'quality text'] : columns;
}

/** What a migration says to keep a layer's series. */
export function seriesText(layer: Layer): string {
  const moving = layer.moving ? 'moving: true, ' : '';
  return `  await createSeriesTable(db, { layer: '${layer.id}', ${moving}columns: [${seriesColumns(layer)
    .map((column) => `'${column}'`)
    .join(', ')}] });`;
}

/** The migration that gives a layer file its tables, to be put into `migrations/`; what is derived is still to be written. */
export function migrationText(layer: Layer, number: string): string {
  const { id, title, geometry } = layer;
  const columns = columnDefinitions(attributesOf(layer));
  const searched = [...new Set([layer.name, ...(layer.search ?? [])])].filter((key) => key !== 'name');
  const indexes = searched.map((key) => `using gin (${key} gin_trgm_ops)`);
  if (layer.name !== 'name') indexes.push(`(${exactName(layer.name)})`);
  const list = (name: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : [`    ${name}: [`, ...texts.map((text) => `      \`${text}\`,`), '    ],'];
  return [
    `// migrations/${number}_${id}.ts`,
    "import type { Kysely } from 'kysely';",
    "import { createLayerTable } from '../server/database/layer_table.ts';",
    ...(layer.series ? ["import { createSeriesTable } from '../server/database/series_table.ts';"] : []),
    '',
    `/** ${title.en}. */`,
    'export async function up(db: Kysely<unknown>): Promise<void> {',
    '  await createLayerTable(db, {',
    `    id: '${id}',`,
    `    geometry: '${geometry}',`,
    ...list('columns', columns),
    ...list('indexes', indexes),
    '  });',
    ...(layer.series ? [seriesText(layer)] : []),
    '}',
    '',
  ].join('\n');
}
