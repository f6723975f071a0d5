import { isWholeAdmin } from '../../accounts/account_routes.ts';
import type { Origin } from '../../audit/record.ts';
import type { Parts } from '../../parts.ts';
import { forbidden, mayAny, rolesFor } from '../../registry/actions/may.ts';
import { refusalOf } from '../../registry/actions/refusal.ts';
import type { Attribute } from '../../registry/attribute.ts';
import { Problem } from '../../registry/problem.ts';
import type { Viewer } from '../../registry/viewer.ts';
import {
  type ImportListener,
  type ImportOptions,
  importOpened,
  type OpenedFile,
  openFile,
} from '../import/import_file.ts';
import { importNewOpened } from '../import/import_new.ts';
import { inferAttribute } from '../import/infer_attribute.ts';
import { chooseCode } from '../import/mapping.ts';
import { NothingStored } from '../import/nothing_stored.ts';
import type { Notation } from '../import/numbers.ts';
import { type OddValue, oddValue } from '../import/odd_value.ts';
import type { Fault, ImportReport } from '../import/report.ts';
import type { FieldSurvey } from '../import/survey.ts';
import type { Encoding } from '../import/text_file.ts';
import { checkArchive, isArchive } from './archive.ts';
import type { ImportForm, OpenForm } from './form.ts';
import { type Preview, previewOf } from './preview.ts';
import { type Guess, guesses, importable, importTargets, stemOf } from './targets.ts';
import type { Upload } from './uploads.ts';

/** What a first reading of a file tells. */
export interface Surveyed {
  readonly format: string;
  readonly crs: string;
  /** How the text of the file was read; null where the file says it. */
  readonly encoding: Encoding | null;
  readonly file_layer: string | null;
  readonly count: number;
  /** Rows that cannot be read at all. */
  readonly faulty: number;
  /** Rows by type of geometry; `null`: without one. */
  readonly geometries: Readonly<Record<string, number>>;
  readonly fields: readonly SurveyedField[];
  /** Fields of a table that say where a row is. */
  readonly place: readonly string[];
  /** What the file may be brought into, the likeliest first. */
  readonly layers: readonly Guess[];
  /** The one to begin with; null where neither the file's name nor its fields speak for any. */
  readonly layer: string | null;
  readonly may_make_layer: boolean;
  /** The field that a new layer's rows would be known by, null for none. */
  readonly new_key: string | null;
}

export interface SurveyedField {
  readonly name: string;
  readonly filled: number;
  readonly examples: readonly string[];
  /** What it would be in a new layer, null for what is empty in every row. */
  readonly kind: Attribute['kind'] | null;
  /** Why it would be a text or a choice, where that is for some odd values. */
  readonly odd: OddValue | null;
}

/** What an import did or would do. */
export interface Imported {
  readonly layer: string;
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly skipped: number;
  readonly repaired: number;
  readonly unlocated: number;
  readonly notes: Readonly<Record<string, number>>;
  /** The first of what was rejected, skipped or repaired; `rejected.csv` has all. */
  readonly faults: readonly Fault[];
  readonly dry_run: boolean;
  /** Of a try: where the rows would lie. */
  readonly preview?: Preview;
}

const mostExamples = 3;
const longestExample = 60;
const mostFaults = 500;
const mostEntries = 500;
/** An archive may unpack to so many times what a file may have. */
const unpacking = 10;
const mostFields = 1_000;

/** Who may bring files in at all. @throws Problem `forbidden`. */
export function demandImporter({ registry }: Pick<Parts, 'registry'>, viewer: Viewer): void {
  if (importable(registry, viewer).length === 0 && !mayMakeLayers(viewer)) throw forbidden();
}

function mayMakeLayers({ grants }: Viewer): boolean {
  return grants.some(isWholeAdmin);
}

/** Opens an upload and reads it through, or takes what was read before with the same options. */
async function openUpload(
  { config, uploads }: Pick<Parts, 'config' | 'uploads'>,
  upload: Upload,
  { file_layer, srs, numbers }: OpenForm,
  signal: AbortSignal,
): Promise<OpenedFile> {
  const key = JSON.stringify([file_layer, srs, numbers]);
  if (upload.opened?.key === key) return upload.opened.file;
  const mostBytes = unpacking * config.IMPORT_MAX_MIB * 2 ** 20;
  if (await isArchive(upload.path)) await checkArchive(upload.path, { bytes: mostBytes, entries: mostEntries }, signal);
  const options = {
    ...{ layerName: file_layer, srs, fileName: upload.name, folder: upload.folder, signal, mostBytes },
    notation: numbers satisfies Notation,
  };
  const file = await openFile(upload.path, options, {}, { name: upload.name, sha256: upload.sha256 });
  await uploads.keepOpen(upload, { key, file });
  return file;
}

/** The first step: what is in the file, and what it may be for. */
export async function surveyUpload(
  parts: Pick<Parts, 'config' | 'registry' | 'uploads'>,
  upload: Upload,
  viewer: Viewer,
  form: OpenForm,
  signal: AbortSignal,
): Promise<Surveyed> {
  const opened = await openUpload(parts, upload, form, signal);
  const { source, found } = opened;
  if (found.fields.size > mostFields)
    throw new Problem('too_large', `The file has ${found.fields.size} columns; ${mostFields} are taken.`);
  return {
    ...{ format: source.format, crs: source.crs, encoding: source.encoding ?? null },
    file_layer: source.layerName ?? null,
    ...{ count: found.count, faulty: found.faulty, geometries: Object.fromEntries(found.geometries) },
    fields: [...found.fields.values()].map(surveyed),
    place: source.place ?? [],
    ...guesses(importable(parts.registry, viewer), opened),
    may_make_layer: mayMakeLayers(viewer),
    new_key: chooseCode([stemOf(opened.file.name)], found.fields, undefined) ?? null,
  };
}

function surveyed(field: FieldSurvey): SurveyedField {
  const { name, filled, distinct } = field;
  return {
    ...{ name, filled },
    examples: [...distinct].slice(0, mostExamples).map((value) => String(value).slice(0, longestExample)),
    kind: filled === 0 ? null : inferAttribute(field, undefined).kind,
    odd: oddValue(field) ?? null,
  };
}

/**
 * What a form asks for, checked before anything is begun.
 * @throws Problem `not_found` for a layer that is unknown or hidden, `forbidden`, `invalid_input`.
 */
export function demandWish({ registry }: Pick<Parts, 'registry'>, viewer: Viewer, form: ImportForm): void {
  if ((form.layer === undefined) === (form.new_layer === undefined))
    throw new Problem('bad_request', "Name a 'layer', or a 'new_layer'.");
  if ((form.new_layer || form.anywhere) && !mayMakeLayers(viewer)) throw forbidden();
  if (form.layer === undefined) return;
  const view = registry.view(form.layer, viewer);
  if (!mayAny(viewer, rolesFor(view.layer, 'create'))) throw forbidden();
}

/** The second and third steps: tries an import, or does it. */
export async function importUpload(
  parts: Parts,
  upload: Upload,
  origin: Origin,
  form: ImportForm,
  run: { readonly dryRun: boolean; readonly signal: AbortSignal; readonly progress: ImportListener['progress'] },
): Promise<Imported> {
  const { signal, dryRun } = run;
  const opened = await openUpload(parts, upload, form, signal);
  let preview: Preview | undefined;
  const listener: ImportListener = {
    ...(run.progress && { progress: run.progress }),
    async written(trx, layer) {
      if (dryRun) preview = await previewOf(trx, layer);
    },
  };
  delete upload.report;
  const { layer, report } = await into(parts, opened, origin, form, { signal, dryRun }, listener).catch((error) => {
    if (error instanceof NothingStored) upload.report = error.report;
    throw error;
  });
  upload.report = report;
  return { ...told(layer, report), ...(preview && { preview }) };
}

async function into(
  { connection, registry, config }: Parts,
  opened: OpenedFile,
  by: Origin,
  form: ImportForm,
  run: Pick<ImportOptions, 'signal' | 'dryRun'>,
  listener: ImportListener,
): Promise<{ layer: string; report: ImportReport }> {
  const view = form.layer === undefined ? undefined : registry.view(form.layer, by.viewer);
  const options: ImportOptions = {
    ...{
      ...run,
      by,
      statementMs: Math.ceil(config.IMPORT_MINUTES * 60_000),
      keepEmpty: false,
      unlocated: form.unlocated,
    },
    ...{ notation: form.numbers, dateOrder: form.dates, timezone: form.timezone },
    map: new Map(Object.entries(form.map).map(([key, field]) => [key, field ?? '-'])),
    code: form.code === null ? '-' : form.code,
    srs: form.srs,
    region: form.anywhere ? undefined : config.REGION_BBOX,
    ...(view && { rights: { viewer: by.viewer, view }, targets: importTargets(view) }),
  };
  try {
    if (view)
      return { layer: view.layer.id, report: await importOpened(connection, view.layer, opened, options, listener) };
    const { title_en: titleEn, ...wanted } = form.new_layer!; // one of the two
    const { layer, report } = await importNewOpened(connection, { ...wanted, titleEn }, opened, options, listener);
    return { layer: layer.id, report };
  } catch (error) {
    throw view ? refusalOf(error, view.layer) : error;
  }
}

function told(layer: string, { notes, faults, repaired, dryRun, ...counts }: ImportReport): Imported {
  return {
    ...{ layer, ...counts, repaired: repaired.length, dry_run: dryRun },
    notes: Object.fromEntries(notes),
    faults: faults.slice(0, mostFaults),
  };
}
