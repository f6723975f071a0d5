import { basename, extname } from 'node:path';
import { writable } from '../../registry/actions/input.ts';
import { mayAny, rolesFor } from '../../registry/actions/may.ts';
import type { Attribute } from '../../registry/attribute.ts';
import type { GeometryKind, Layer } from '../../registry/layer.ts';
import type { Registry } from '../../registry/registry.ts';
import type { View } from '../../registry/view.ts';
import type { Viewer } from '../../registry/viewer.ts';
import type { OpenedFile } from '../import/import_file.ts';
import { fieldName, mapFields } from '../import/mapping.ts';

/** Views of the layers that somebody may bring features into. */
export function importable(registry: Registry, viewer: Viewer): View[] {
  return registry.views(viewer).filter((view) => mayAny(viewer, rolesFor(view.layer, 'create')));
}

/** What an import by hand may fill: what editing by hand may, but the code, which has a field of its own. */
export function importTargets(view: View): ReadonlyMap<string, Attribute> {
  return new Map([...writable(view)].filter(([key]) => key !== 'code'));
}

/** A layer that a file could be for, and what would go where. */
export interface Guess {
  readonly layer: string;
  /** The key field, null for none. */
  readonly code: string | null;
  /** Attribute → field. */
  readonly columns: Readonly<Record<string, string>>;
}

/** The layers that a file could be for. */
export interface Guesses {
  /** The likeliest first: by the file's geometries, its fields and its name. */
  readonly layers: readonly Guess[];
  /** The one to begin with; null where nothing speaks for any. */
  readonly layer: string | null;
}

/** What so large a part of a file's own columns fits, it may be for; one alone, a "jenis", fits by chance. */
const fittingShare = 0.5;
const leastFitting = 2;

/** Says which layers a file could be for, and whether it is likely enough for one to be chosen unasked. */
export function guesses(views: readonly View[], opened: OpenedFile): Guesses {
  const name = fieldName(stemOf(opened.file.name));
  const ranked = views
    .filter(({ layer }) => fits(opened, layer.geometry))
    .map((view) => {
      const { layer } = view;
      const { code, columns } = mapFields(layer, opened.found.fields, { map: new Map(), targets: importTargets(view) });
      const isNamed = wordsOf(layer).some((word) => name.includes(word));
      const isMissing = [...importTargets(view)].some(([key, { required }]) => required && !columns.has(key));
      const score = (isNamed ? 100 : 0) + columns.size * 2 - (isMissing ? 10 : 0);
      const isLikely = isNamed || fitsColumns(opened, layer, code, columns);
      return { score, isLikely, guess: { layer: layer.id, code: code ?? null, columns: Object.fromEntries(columns) } };
    })
    .toSorted((a, b) => b.score - a.score);
  const [best] = ranked;
  return { layers: ranked.map(({ guess }) => guess), layer: best?.isLikely ? best.guess.layer : null };
}

/** Whether enough of a file's columns find their attribute. Places, keys and names say nothing: nearly every file and layer has them. */
function fitsColumns(
  { source, found }: OpenedFile,
  layer: Layer,
  code: string | undefined,
  columns: ReadonlyMap<string, string>,
): boolean {
  const common = new Set([...(source.place ?? []), code, columns.get(layer.name)]);
  const telling = [...found.fields.values()].filter(({ name, filled }) => filled > 0 && !common.has(name));
  const fitting = new Set(columns.values());
  const count = telling.filter(({ name }) => fitting.has(name)).length;
  return count >= leastFitting && count >= telling.length * fittingShare;
}

/** What a file is called, without its end. */
export function stemOf(name: string): string {
  return basename(name, extname(name));
}

/** Words by which a file's name tells of a layer: its id, and the longer words of its titles. */
function wordsOf({ id, title }: Layer): string[] {
  const words = `${title.id} ${title.en}`.split(/[^\p{L}]+/u).filter((word) => word.length >= shortestWord);
  return [id, ...words].map(fieldName);
}

const shortestWord = 4;

const family = (kind: string) => /Point|Line|Polygon/.exec(kind)?.[0];

/** Whether some of a file's geometries are of a layer's kind; a table without places is for layers of points. */
function fits({ found }: OpenedFile, kind: GeometryKind): boolean {
  const kinds = [...found.geometries.keys()].filter((each) => each !== 'null');
  return kinds.length === 0 ? kind === 'Point' : kinds.some((each) => family(each) === family(kind));
}
