import type { Attribute, Bilingual } from '../attribute.ts';
import type { Layer } from '../layer.ts';
import { attributeSchema } from '../schema.ts';
import type { View } from '../view.ts';
import type { Viewer } from '../viewer.ts';
import type { Action, ActionKey } from './action.ts';
import { inputAttributes, writable } from './input.ts';
import { isSplittable, mayAny, rolesFor, type StandardAction } from './may.ts';

/** An action as the catalogue lists it: enough to show a button and to build its form. */
export interface ListedAction {
  readonly name: string;
  readonly title: Bilingual;
  readonly description?: Bilingual;
  /** Whether it begins with a feature, or makes or finds one. */
  readonly on: 'feature' | 'layer';
  /** JSON Schema 2020-12 of the input, `geometry` where it may be drawn; that of `create` refers to that of `edit`. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly reason: 'required' | 'optional';
  readonly confirm?: Bilingual;
  readonly when?: NonNullable<Action['when']>;
  /** The key that begins it. */
  readonly key?: ActionKey;
  /** It cannot be taken back. */
  readonly final?: true;
  /** Minutes within which a second person must confirm it. */
  readonly secondWithin?: number;
}

const standard: Readonly<Record<StandardAction, Omit<ListedAction, 'name' | 'input'>>> = {
  create: { title: { id: 'Tambah', en: 'Add' }, on: 'layer', reason: 'optional' },
  edit: { title: { id: 'Ubah', en: 'Edit' }, on: 'feature', reason: 'optional' },
  split: {
    title: { id: 'Bagi', en: 'Split' },
    description: {
      id: 'Bagian terbesar tetap menjadi fitur ini; bagian lain menjadi fitur baru dengan atribut yang sama, tanpa kode.',
      en: 'The largest part stays this feature; the others become features with the same attributes and no code.',
    },
    on: 'feature',
    reason: 'optional',
  },
  delete: {
    title: { id: 'Hapus', en: 'Delete' },
    on: 'feature',
    reason: 'required',
    confirm: {
      id: 'Fitur ini hilang dari peta dan semua keluaran. Dapat dipulihkan selama 30 hari.',
      en: 'The feature leaves the map and every output. It can be restored for 30 days.',
    },
  },
  restore: { title: { id: 'Pulihkan', en: 'Restore' }, on: 'layer', reason: 'optional' },
};

/** The actions that a viewer may do with features of a view, the layer's own first; none where nobody signed in. */
export function listedActions(view: View, viewer: Viewer): readonly ListedAction[] {
  if (!viewer.person) return [];
  const { layer } = view;
  const own = Object.entries(layer.actions ?? {}).filter(([, { roles }]) => mayAny(viewer, roles));
  const listed = own.map(([name, action]) => listedAction(name, action));
  const form = editSchema(view);
  const required = [...view.attributes].filter(([, attribute]) => attribute.required).map(([key]) => key);
  const mayDo = (name: StandardAction) => mayAny(viewer, rolesFor(layer, name));
  const input = {
    create: { ...(mayDo('edit') ? { $ref: '#edit' } : form), required },
    edit: { $anchor: 'edit', ...form },
    split: { ...object({ cut: cutSchema }), required: ['cut'] },
    delete: object({}),
    restore: object({}),
  };
  const names: readonly StandardAction[] = ['edit', 'split', 'delete', 'create', 'restore'];
  const those = names.filter((name) => (name !== 'split' || isSplittable(layer)) && mayDo(name));
  return [...listed, ...those.map((name) => ({ name, ...standard[name], input: input[name] }))];
}

function listedAction(
  name: string,
  { title, description, input, when, reason, confirm, key, final, twoPerson }: Action,
): ListedAction {
  const attributes = inputAttributes(input);
  return {
    ...{ name, title, on: 'feature', reason: reason ?? 'optional' },
    ...(description && { description }),
    ...(when && { when }),
    ...(confirm && { confirm }),
    ...(key && { key }),
    ...((final || twoPerson) && { final: true }),
    ...(twoPerson && { secondWithin: twoPerson.minutes }),
    input: {
      ...object(Object.fromEntries([...attributes].map(([key, attribute]) => [key, attributeSchema(attribute)]))),
      required: [...attributes].filter(([, { required }]) => required).map(([key]) => key),
    },
  };
}

/** The line that a split cuts along. */
const cutSchema = { title: 'Garis potong', 'x-title-en': 'Cut line', format: 'geometry-linestring', 'x-cuts': true };

/** What of a view can be written by hand, in the order of the layer, its place first. */
function editSchema(view: View) {
  const { geometry }: Layer = view.layer;
  const fields = [...writable(view)].map(([key, attribute]: [string, Attribute]) => [key, attributeSchema(attribute)]);
  return object({
    ...Object.fromEntries(fields),
    geometry: {
      ...{ title: 'Lokasi', 'x-title-en': 'Place', 'x-ogc-role': 'primary-geometry' },
      format: `geometry-${geometry.toLowerCase()}`,
    },
  });
}

function object(properties: Readonly<Record<string, unknown>>) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties,
    additionalProperties: false,
  };
}
