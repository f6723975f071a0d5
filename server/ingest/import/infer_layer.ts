import { z } from 'zod';
import { type Attribute, fromDescription } from '../../registry/attribute.ts';
import { type GeometryKind, type Layer, layer } from '../../registry/layer.ts';
import { Problem } from '../../registry/problem.ts';
import { notOutside } from '../../registry/role.ts';
import { commonProperties } from '../../registry/schema.ts';
import type { StyleRule } from '../../registry/style_rule.ts';
import type { AskedKind } from './asked_kind.ts';
import { inferAttribute } from './infer_attribute.ts';
import { fieldName, type Mapping, noField, synonyms } from './mapping.ts';
import { oddValue } from './odd_value.ts';
import type { FieldSurvey, Survey } from './survey.ts';

export interface NewLayer {
  /** Table, URL segment and event topic: see `isLayerId`. */
  readonly id: string;
  readonly title: string;
  /** The title in English, where it is another. */
  readonly titleEn?: string | undefined;
  /** Everybody sees it; otherwise only who works here, because nobody has looked yet at what the file says of people. */
  readonly isPublic?: boolean;
  /** What a field's attribute is to be, over what its values say. */
  readonly kinds?: Readonly<Record<string, AskedKind>> | undefined;
}

const mostTileColumns = 4;

/**
 * Makes a layer from what a file holds: its geometry, an attribute for each field that says something, a style.
 * The mapping says which field became which attribute; those of a table that say where a row is (`place`) became its geometry.
 * @throws Problem `invalid_input` when the geometries are of several families, or `kinds` names a field that does not exist.
 */
export function inferLayer(
  given: NewLayer,
  found: Survey,
  code: string | undefined,
  place: readonly string[] = [],
): { layer: Layer; mapping: Mapping } {
  const columns = new Map<string, string>();
  const attributes = new Map<string, Attribute>();
  const kinds = new Map<string, string>();
  const asked = new Map(Object.entries(given.kinds ?? {}));
  for (const field of asked.keys()) if (!found.fields.has(field)) throw noField(field, found.fields);
  for (const field of found.fields.values()) {
    if (field.filled === 0 || field.name === code || place.includes(field.name)) continue;
    const id = attributeId(field.name, attributes);
    const attribute = inferAttribute(field, asked.get(field.name));
    attributes.set(id, attribute);
    columns.set(id, field.name);
    kinds.set(id, kindInWords(attribute, asked.has(field.name) ? undefined : field));
  }
  const name = nameOf(attributes);
  const schemas = [...attributes].map(([id, attribute]) => [id, fromDescription(attribute)] as const);
  const geometry = geometryOf(found);
  const choices = [...attributes].filter(([, { kind }]) => kind === 'choice' || kind === 'boolean').map(([id]) => id);
  const tile = [...new Set([name, ...choices])].slice(0, mostTileColumns);
  const title = { id: given.title, en: given.titleEn ?? given.title };
  const made: Layer = layer({
    id: given.id,
    title,
    group: 'other',
    geometry,
    icon: 'pin',
    attributes: z.object(Object.fromEntries(schemas)),
    name,
    fullZoom: { Point: 13, LineString: 12, Polygon: 11 }[familyOf(geometry)],
    below: geometry === 'Point' ? 'cluster' : 'simplify',
    tile,
    style: [{ ...styleOf(geometry), label: title }],
    visible: given.isPublic ? { default: 'all' } : { default: 'all', ...notOutside },
    initiallyVisible: true,
    runtime: true,
  });
  const empty = [...found.fields.values()].filter(({ name, filled }) => filled === 0 && !place.includes(name));
  return { layer: made, mapping: { code, columns, place, kinds, unused: empty.map((field) => field.name) } };
}

const kindWords: Readonly<Record<Attribute['kind'], string>> = {
  ...{ text: 'text', choice: 'choice', boolean: 'yes or no', integer: 'whole number', number: 'number' },
  ...{ date: 'date', instant: 'time' },
};

/** What an attribute became, and where that followed from one odd value of `field`, from which. */
function kindInWords({ kind }: Attribute, field: FieldSurvey | undefined): string {
  const odd = field && oddValue(field);
  return odd ? `${kindWords[kind]}, because of row ${odd.row}: "${odd.value}"` : kindWords[kind];
}

/** The field's name as a column: lower case, and never the name of a column that every layer has. */
function attributeId(field: string, taken: ReadonlyMap<string, unknown>): string {
  const plain = field
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50);
  const reserved = ['id', 'geom', 'created_at', ...Object.keys(commonProperties)];
  const base = /^[a-z]/.test(plain) ? plain : `field_${plain}`;
  const free = reserved.includes(base) ? `${base}_value` : base;
  for (let turn = 1; ; turn++) {
    const id = turn === 1 ? free : `${free}_${turn}`;
    if (!taken.has(id)) return id;
  }
}

/** The attribute that names a feature: by its own name, else the first text; a layer of no texts gets an empty one. */
function nameOf(attributes: Map<string, Attribute>): string {
  const isText = (id: string) => attributes.get(id)?.kind === 'text';
  const ids = [...attributes.keys()];
  const named = ['name', ...(synonyms.name ?? [])].flatMap(
    (name) => ids.find((id) => fieldName(id) === name && isText(id)) ?? [],
  );
  const found = named[0] ?? ids.find(isText) ?? ids.find((id) => attributes.get(id)?.kind === 'choice');
  if (found !== undefined) return found;
  const free = attributes.has('name') ? 'label' : 'name';
  attributes.set(free, { kind: 'text', title: { id: 'Nama', en: 'Name' }, maxLength: 200 });
  return free;
}

type Family = 'Point' | 'LineString' | 'Polygon';

function familyOf(kind: string): Family {
  return kind.endsWith('Polygon') ? 'Polygon' : kind.endsWith('LineString') ? 'LineString' : 'Point';
}

/** The one kind that takes all; polygons are many, because a repair may part one. Without any geometry: points to be placed. */
function geometryOf({ geometries }: Survey): GeometryKind {
  const kinds = [...geometries.keys()].filter((kind) => kind !== 'null');
  const families = [...new Set(kinds.map((kind) => (kind === 'GeometryCollection' ? kind : familyOf(kind))))];
  if (families.length > 1 || families[0] === 'GeometryCollection') {
    const list = [...geometries].map(([kind, count]) => `${count} ${kind}`).join(', ');
    throw new Problem('invalid_input', `A layer has geometries of one kind; the file holds ${list}.`);
  }
  const [family = 'Point'] = families as Family[];
  if (family === 'Polygon') return 'MultiPolygon';
  return kinds.some((kind) => kind.startsWith('Multi')) ? `Multi${family}` : family;
}

function styleOf(kind: GeometryKind): Omit<StyleRule, 'label'> {
  switch (familyOf(kind)) {
    case 'Point':
      return { icon: 'pin' };
    case 'LineString':
      return { stroke: { color: 'accent', width: 2 } };
    case 'Polygon':
      return { stroke: { color: 'accent', width: 1.5 }, fill: { color: 'accent', opacity: 0.15 } };
  }
}
