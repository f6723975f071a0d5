import { exactName } from '../../server/database/layer_table.ts';
import { columnDefinitions } from '../../server/registry/ddl.ts';
import { attributesOf, type Layer } from '../../server/registry/layer.ts';

/** The migration that gives a layer file its table, to be put into `migrations/`; what is derived is still to be written. */
export function migrationText(layer: Layer): string {
  const { id, title, geometry } = layer;
  const columns = columnDefinitions(attributesOf(layer));
  const searched = [...new Set([layer.name, ...(layer.search ?? [])])].filter((key) => key !== 'name');
  const indexes = searched.map((key) => `using gin (${key} gin_trgm_ops)`);
  if (layer.name !== 'name') indexes.push(`(${exactName(layer.name)})`);
  const list = (name: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : [`    ${name}: [`, ...texts.map((text) => `      \`${text}\`,`), '    ],'];
  return [
    `// migrations/NNNN_${id}.ts, with the next number`,
    "import type { Kysely } from 'kysely';",
    "import { createLayerTable } from '../server/database/layer_table.ts';",
    '',
    `/** ${title.en}. */`,
    'export async function up(db: Kysely<unknown>): Promise<void> {',
    '  await createLayerTable(db, {',
    `    id: '${id}',`,
    `    geometry: '${geometry}',`,
    ...list('columns', columns),
    ...list('indexes', indexes),
    '  });',
    '}',
    '',
  ].join('\n');
}
