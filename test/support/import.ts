import type { Connection } from '../../server/database/connect.ts';
import { type ImportListener, type ImportOptions, importFile } from '../../server/ingest/import/import_file.ts';
import type { ImportReport } from '../../server/ingest/import/report.ts';
import { layerFiles } from '../../server/registry/registry.ts';

const defaults: ImportOptions = {
  map: new Map(),
  region: undefined,
  unlocated: false,
  dryRun: false,
  timezone: 'Asia/Jakarta',
  dateOrder: undefined,
  notation: undefined,
  keepEmpty: false,
  by: { viewer: { grants: [{ role: 'admin' }], person: { id: 'command', name: 'npm run import' } } },
};

export type TestImport = Partial<Omit<ImportOptions, 'map'>> & { readonly map?: Readonly<Record<string, string>> };

/** The importer's options: anywhere on earth unless a test says otherwise. */
export function importOptions({ map = {}, ...given }: TestImport = {}): ImportOptions {
  return { ...defaults, ...given, map: new Map(Object.entries(map)) };
}

/** Imports a file into a layer of `server/layers/`. */
export async function importInto(
  connection: Connection,
  id: string,
  path: string,
  given: TestImport = {},
  listener?: ImportListener,
): Promise<ImportReport> {
  const layer = (await layerFiles()).find((each) => each.id === id);
  if (!layer) throw new Error(`there is no layer ${id}`);
  return importFile(connection, layer, path, importOptions(given), listener);
}
