import { sql } from 'kysely';
import type { Connection } from '../../database/connect.ts';
import { createLayerTable, exactName } from '../../database/layer_table.ts';
import { columnDefinitions } from '../../registry/ddl.ts';
import { attributesOf, type Layer } from '../../registry/layer.ts';
import { Problem } from '../../registry/problem.ts';
import { storeLayer } from '../../registry/runtime_layers.ts';
import {
  type ImportListener,
  type ImportOptions,
  inTransaction,
  loadRows,
  type OpenedFile,
  openFile,
} from './import_file.ts';
import { inferLayer, type NewLayer } from './infer_layer.ts';
import { isLayerId, reservedIds } from './layer_id.ts';
import { chooseCode } from './mapping.ts';
import type { ImportReport } from './report.ts';

/**
 * Makes a layer from a file: its definition, its table and its rows, in one transaction.
 * Running servers learn of it through the change log.
 * @throws Problem `conflict` when the name is in use; otherwise as `importFile`, and then there is no new layer.
 */
export async function importNewLayer(
  connection: Connection,
  wanted: NewLayer,
  path: string,
  options: ImportOptions,
  listener: ImportListener = {},
): Promise<{ layer: Layer; report: ImportReport }> {
  demandId(wanted);
  const opened = await openFile(path, options, listener);
  try {
    return await importNewOpened(connection, wanted, opened, options, listener);
  } finally {
    await opened.source.close();
  }
}

/** The same with a file that was opened already; it stays open. */
export async function importNewOpened(
  connection: Connection,
  wanted: NewLayer,
  opened: OpenedFile,
  options: ImportOptions,
  listener: ImportListener = {},
): Promise<{ layer: Layer; report: ImportReport }> {
  demandId(wanted);
  const { source, found } = opened;
  const code = chooseCode([wanted.id, wanted.title], found.fields, options.code);
  const { layer, mapping } = inferLayer(wanted, found, code, source.place);
  listener.opened?.(source, found, layer, mapping);
  const report = await inTransaction(connection, options, async (trx) => {
    const { rows } = await sql<{ used: boolean }>`select to_regclass(${wanted.id}) is not null as used`.execute(trx);
    if (rows[0]?.used) throw new Problem('conflict', `The name "${wanted.id}" is in use already.`);
    const columns = columnDefinitions(attributesOf(layer));
    await createLayerTable(trx, { id: layer.id, geometry: layer.geometry, columns, indexes: nameIndexes(layer) });
    await storeLayer(trx, layer);
    return loadRows(trx, { ...opened, layer, mapping }, options, listener);
  });
  return { layer, report };
}

function demandId({ id }: NewLayer): void {
  if (isLayerId(id)) return;
  const allowed = 'a-z with single _ between words, at most 48 letters, and none of';
  throw new Problem(
    'invalid_input',
    `--id: "${id}" is no name for a layer: write it like street_tree (${allowed} ${reservedIds.join(', ')}).`,
  );
}

/** What search needs where the name is in a column of another name. */
function nameIndexes({ name }: Layer): string[] {
  return name === 'name' ? [] : [`using gin ("${name}" gin_trgm_ops)`, `(${exactName(name)})`];
}
