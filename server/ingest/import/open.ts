import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Problem } from '../../registry/problem.ts';
import { csvRows, sniffDelimiter } from './csv.ts';
import { type GdalOptions, openWithGdal } from './gdal.ts';
import { geojsonRows } from './geojson.ts';
import { openKml } from './kml.ts';
import type { Notation } from './numbers.ts';
import { placeColumns, placed } from './places.ts';
import { reprojected } from './reproject.ts';
import type { Source } from './row.ts';
import { encodingOf, markedEncoding } from './text_file.ts';

export interface OpenOptions extends GdalOptions {
  readonly notation?: Notation;
  /** Told while GDAL converts, and when it has: bytes written. */
  readonly onConverted?: (bytes: number) => void;
}

const headBytes = 65_536;
const wgs84 = /^(urn:ogc:def:crs:)?(EPSG:{1,2}(4326|4979)|OGC:([\d.]*:)?CRS84h?)$/i;

/**
 * Opens a file of features or a table of any format the importer reads.
 * GeoJSON, KML and tables of text are read here, as a stream; whatever else, and GeoJSON that is not in longitude and latitude, by GDAL.
 * @throws Problem `not_found` or `invalid_input`: no such file, empty, not a feature file, no such layer.
 */
export async function openSource(path: string, options: OpenOptions): Promise<Source> {
  const head = await readHead(path, options.fileName ?? basename(path));
  if (options.srs !== undefined && !/^[A-Z]+:\d+$/i.test(options.srs))
    throw new Problem('invalid_input', `--srs: "${options.srs}" is not a code like EPSG:32749.`);
  const source = await openFormat(path, head, options);
  if (!source.tabular) return source;
  const { srs, onConverted } = options;
  const table = await withPlaces(source, options.notation);
  return srs === undefined || wgs84.test(srs) ? table : reprojected(table, srs, onConverted);
}

async function openFormat(path: string, head: string, options: OpenOptions): Promise<Source> {
  const extension = extname(path).toLowerCase();
  const json = isJson(head) || /\.(geo)?json/.test(extension);
  const crs = options.srs ?? (json ? /"crs"\s*:\s*\{[^{]*\{\s*"name"\s*:\s*"([^"]+)"/.exec(head)?.[1] : undefined);
  const isWgs84 = crs === undefined || wgs84.test(crs);
  const shown = crs ?? 'EPSG:4326';
  const close = async () => {};
  const table = /^\s*\[/.test(head) && !/"type"\s*:\s*"Feature"/.test(head);
  if (json && (isWgs84 || table) && !isTopology(head)) {
    const encoding = await encodingOf(createReadStream(path));
    const format = table ? 'JSON' : 'GeoJSON';
    const rows: Source['rows'] = (note) => geojsonRows(path, note, encoding);
    return { format, crs: shown, encoding, tabular: table, rows, close };
  }
  if (/^\.(csv|tsv|txt)$/.test(extension)) {
    const encoding = await encodingOf(createReadStream(path));
    const delimiter = sniffDelimiter(head);
    const format = `CSV (${delimiter === '\t' ? 'tab' : delimiter})`;
    return { format, crs: shown, encoding, tabular: true, rows: () => csvRows(path, delimiter, encoding), close };
  }
  if (isWgs84 && /^\.km[lz]$/.test(extension)) return openKml(path, options.layerName);
  return openWithGdal(path, options);
}

/** The first part of the file as text. */
async function readHead(path: string, name: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new Problem('not_found', `There is no file ${path}.`);
  if (!found.isFile()) throw new Problem('invalid_input', `${path} is not a file.`);
  if (found.size === 0) throw new Problem('invalid_input', `The file ${name} is empty.`);
  const file = await open(path).catch((error: Error) => {
    throw new Problem('invalid_input', `The file ${name} cannot be opened: ${error.message}`);
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes));
    const bytes = buffer.subarray(0, bytesRead);
    return new TextDecoder(markedEncoding(bytes)).decode(bytes);
  } finally {
    await file.close();
  }
}

/** JSON begins with a bracket; a record separator (RFC 8142) may come before. */
function isJson(head: string): boolean {
  return ['[', '{'].includes(head.replace('\u001e', '').trimStart().charAt(0));
}

function isTopology(head: string): boolean {
  return /"type"\s*:\s*"Topology"/.test(head);
}

/** A table whose rows are where its columns say. */
async function withPlaces(source: Source, notation: Notation): Promise<Source> {
  const columns = placeColumns(await fieldsOf(source));
  if (!columns) return source;
  return {
    ...source,
    tabular: true,
    place: Object.values(columns),
    async *rows(note) {
      for await (const row of source.rows(note)) yield placed(row, columns, notation, note);
    },
  };
}

const peekRows = 100;

async function fieldsOf(source: Source): Promise<string[]> {
  const fields = new Set<string>();
  let seen = 0;
  for await (const row of source.rows(() => {})) {
    for (const field of Object.keys(row.properties)) fields.add(field);
    if (++seen === peekRows) break;
  }
  return [...fields];
}
