import type { Transaction } from 'kysely';
import type { Origin } from '../../audit/record.ts';
import type { Connection, Database } from '../../database/connect.ts';
import { transaction } from '../../database/transaction.ts';
import { isAreaLayer, updateAreaCodes } from '../../registry/area_codes.ts';
import type { Bbox } from '../../registry/catalogue.ts';
import type { Layer } from '../../registry/layer.ts';
import { Problem } from '../../registry/problem.ts';
import { layerFiles } from '../../registry/registry.ts';
import { runtimeLayers } from '../../registry/runtime_layers.ts';
import { adviseOnPlaces } from './advise_on_places.ts';
import type { ConvertOptions } from './convert.ts';
import { fileAt, type ImportedFile } from './imported_file.ts';
import { type Mapping, type MappingOptions, mapFields } from './mapping.ts';
import { mergeStage } from './merge.ts';
import { NothingStored } from './nothing_stored.ts';
import { type OpenOptions, openSource } from './open.ts';
import { rowPreparer } from './prepare_row.ts';
import { recordImport } from './record_import.ts';
import { addFault, emptyReport, type ImportReport, reject } from './report.ts';
import type { Source } from './row.ts';
import type { RowRights } from './row_rights.ts';
import { createStage, type StagedRow } from './stage.ts';
import { type Survey, survey } from './survey.ts';

export interface ImportOptions extends ConvertOptions, MappingOptions {
  readonly layerName?: string | undefined;
  /** The coordinate system of the file, over what the file says: `EPSG:32749`. */
  readonly srs?: string | undefined;
  /** Where rows may lie; undefined: anywhere. */
  readonly region: Bbox | undefined;
  /** Take features without a geometry as not yet placed (rows of a table always are). */
  readonly unlocated: boolean;
  readonly dryRun: boolean;
  /** Who imports, for the audit trail. */
  readonly by: Origin;
  /** Whose rights each row is asked for; absent: whoever sits at the machine may write them all. */
  readonly rights?: RowRights | undefined;
  /** Ends the import, and nothing is changed: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time of one statement in milliseconds; absent: as long as it takes. */
  readonly statementMs?: number | undefined;
}

/** Told how an import goes on. */
export interface ImportListener {
  /** While nobody knows how much there is: bytes that GDAL has written, rows that were read to see what is in them. */
  preparing?(step: 'converting' | 'reading', amount: number): void;
  opened?(source: Source, found: Survey, layer: Layer, mapping: Mapping): void;
  /** `done` of `total` steps: each row is read once and written once. */
  progress?(done: number, total: number): void;
  /** All is written and nothing committed yet: the rows stand in the stage (`import_row`) with their codes. */
  written?(trx: Transaction<Database>, layer: Layer): Promise<void>;
}

/** A file that was opened and read through once. */
export interface OpenedFile {
  readonly file: ImportedFile;
  readonly source: Source;
  readonly found: Survey;
}

const batchRows = 10_000;

/**
 * Imports a file into a layer in one transaction: what is already there by `code` is updated where it differs, the rest
 * inserted, and a row that cannot be stored is reported with its number and reason.
 * @throws Problem when nothing could be stored, and then nothing was changed: file not readable or empty, no such field, no row usable.
 */
export async function importFile(
  connection: Connection,
  layer: Layer,
  path: string,
  options: ImportOptions,
  listener: ImportListener = {},
): Promise<ImportReport> {
  const opened = await openFile(path, { ...options, geometry: layer.geometry }, listener);
  try {
    return await importOpened(connection, layer, opened, options, listener);
  } finally {
    await opened.source.close();
  }
}

/** The same with a file that was opened already; it stays open. */
export async function importOpened(
  connection: Connection,
  layer: Layer,
  opened: OpenedFile,
  options: ImportOptions,
  listener: ImportListener = {},
): Promise<ImportReport> {
  const mapping = mapFields(layer, opened.found.fields, options, opened.source.place);
  listener.opened?.(opened.source, opened.found, layer, mapping);
  return inTransaction(connection, options, (trx) => loadRows(trx, { ...opened, layer, mapping }, options, listener));
}

/**
 * Opens a file and reads it through, telling how that goes. `known`: what is known of it already.
 * @throws Problem when it cannot be read or has no row.
 */
export async function openFile(
  path: string,
  options: OpenOptions,
  { preparing }: Pick<ImportListener, 'preparing'> = {},
  known?: ImportedFile,
): Promise<OpenedFile> {
  const source = await openSource(path, { ...options, onConverted: (bytes) => preparing?.('converting', bytes) });
  try {
    const found = await survey(
      source.rows(() => {}),
      { signal: options.signal, onProgress: (read) => preparing?.('reading', read) },
    );
    if (found.count === 0) throw new Problem('invalid_input', 'The file is empty: it has no row.');
    return { file: known ?? (await fileAt(path)), source, found };
  } catch (error) {
    await source.close();
    throw error;
  }
}

class RolledBack extends Error {}

/** Runs `work` in one transaction; of a dry run nothing stays. */
export async function inTransaction(
  connection: Connection,
  { dryRun, statementMs = 0 }: Pick<ImportOptions, 'dryRun' | 'statementMs'>,
  work: (trx: Transaction<Database>) => Promise<ImportReport>,
): Promise<ImportReport> {
  let report: ImportReport | undefined;
  try {
    await transaction(
      connection.db,
      async (trx) => {
        report = await work(trx);
        if (dryRun) throw new RolledBack();
      },
      { statementTimeoutMs: statementMs },
    );
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
  if (!report) throw new Error('the transaction ended without a report');
  return report;
}

export interface Load extends OpenedFile {
  readonly layer: Layer;
  readonly mapping: Mapping;
}

/** Reads, converts and writes all rows of a source. @throws NothingStored when not one of them can be. */
export async function loadRows(
  trx: Transaction<Database>,
  load: Load,
  options: ImportOptions,
  listener: ImportListener,
): Promise<ImportReport> {
  const { layer, source, found, mapping } = load;
  const report = emptyReport(options.dryRun);
  const total = found.count * 2;
  const stage = await createStage(trx, layer, [...mapping.columns.keys()]);
  const prepare = rowPreparer(load, options);
  let batch: StagedRow[] = [];
  // One batch is written while the next is read.
  let writing: Promise<void> | undefined;
  const flush = async () => {
    const full = batch;
    batch = [];
    await writing;
    options.signal?.throwIfAborted();
    if (full.length > 0)
      writing = stage.write(full).then((refused) => {
        for (const fault of refused) reject(report, fault);
      });
    writing?.catch(() => {}); // thrown by whoever waits for it
    listener.progress?.(report.read, total);
  };
  const note = (text: string) => void report.notes.set(text, (report.notes.get(text) ?? 0) + 1);
  if (source.encoding === 'windows-1252')
    note('the text is not UTF-8 and was read as Windows-1252: look at its letters');
  try {
    for await (const row of source.rows(note)) {
      report.read++;
      const prepared = prepare(row);
      if (typeof prepared === 'string') reject(report, { row: row.number, reason: prepared });
      else batch.push(prepared);
      if (batch.length === batchRows) await flush();
    }
    await flush();
  } finally {
    await writing;
  }
  adviseOnPlaces(report, options.srs);
  if (report.rejected === report.read) throw new NothingStored(report);
  const merged = await mergeStage(trx, load, stage.columns, options, (written) => {
    options.signal?.throwIfAborted();
    listener.progress?.(found.count + written, total);
  });
  for (const fault of merged.refused) reject(report, fault);
  if (report.rejected === report.read) throw new NothingStored(report);
  for (const fault of merged.skipped) addFault(report, fault);
  for (const row of merged.repaired) addFault(report, { row, reason: 'repaired: the geometry was not valid' });
  const { inserted, updated, unchanged, unlocated, repaired } = merged;
  const relocated =
    isAreaLayer(layer.id) && inserted + updated > 0 ? await updateAreaCodes(trx, await allLayers(trx)) : 0;
  const skipped = merged.skipped.length;
  Object.assign(report, { inserted, updated, unchanged, unlocated, repaired, skipped, relocated });
  await listener.written?.(trx, layer);
  await recordImport(trx, options.by, load, report);
  options.signal?.throwIfAborted();
  return report;
}

async function allLayers(trx: Transaction<Database>): Promise<Layer[]> {
  return [...(await layerFiles()), ...(await runtimeLayers(trx))];
}
