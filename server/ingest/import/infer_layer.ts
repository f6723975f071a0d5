import { z } from 'zod';
import { type Attribute, type Choice, fromDescription } from '../../registry/attribute.ts';
import { type GeometryKind, type Layer, layer } from '../../registry/layer.ts';
import { Problem } from '../../registry/problem.ts';
import { notOutside } from '../../registry/role.ts';
import { commonProperties } from '../../registry/schema.ts';
import type { StyleRule } from '../../registry/style_rule.ts';
import { normal } from './convert.ts';
import { fieldName, type Mapping, synonyms } from './mapping.ts';
import type { FieldSurvey, Survey } from './survey.ts';

export interface NewLayer {
  /** Table, URL segment and event topic: see `isLayerId`. */
  readonly id: string;
  readonly title: string;
  /** Everybody sees it; otherwise only who works here, because nobody has looked yet at what the file says of people. */
  readonly isPublic?: boolean;
}

/** A text field with no more values than this is a closed vocabulary. */
const mostChoices = 20;
const longestChoice = 60;
const mostTileColumns = 4;

/**
 * Makes a layer from what a file holds: its geometry, an attribute for each field that says something, a style.
 * The mapping says which field became which attribute; those of a table that say where a row is (`place`) became its geometry.
 * @throws Problem `invalid_input` when the geometries are of several families.
 */
export function inferLayer(
  given: NewLayer,
  found: Survey,
  code: string | undefined,
  place: readonly string[] = [],
): { layer: Layer; mapping: Mapping } {
  const columns = new Map<string, string>();
  const attributes = new Map<string, Attribute>();
  for (const field of found.fields.values()) {
    if (field.filled === 0 || field.name === code || place.includes(field.name)) continue;
    const id = attributeId(field.name, attributes);
    attributes.set(id, inferAttribute(field));
    columns.set(id, field.name);
  }
  const name = nameOf(attributes);
  const schemas = [...attributes].map(([id, attribute]) => [id, fromDescription(attribute)] as const);
  const geometry = geometryOf(found);
  const choices = [...attributes].filter(([, { kind }]) => kind === 'choice' || kind === 'boolean').map(([id]) => id);
  const tile = [...new Set([name, ...choices])].slice(0, mostTileColumns);
  const made: Layer = layer({
    id: given.id,
    title: { id: given.title, en: given.title },
    group: 'other',
    geometry,
    icon: 'pin',
    attributes: z.object(Object.fromEntries(schemas)),
    name,
    fullZoom: { Point: 13, LineString: 12, Polygon: 11 }[familyOf(geometry)],
    below: geometry === 'Point' ? 'cluster' : 'simplify',
    tile,
    style: [{ ...styleOf(geometry), label: { id: given.title, en: given.title } }],
    visible: given.isPublic ? { default: 'all' } : { default: 'all', ...notOutside },
    initiallyVisible: true,
    runtime: true,
  });
  const empty = [...found.fields.values()].filter(({ name, filled }) => filled === 0 && !place.includes(name));
  return { layer: made, mapping: { code, columns, place, unused: empty.map((field) => field.name) } };
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

function inferAttribute({ name, distinct, filled, longest, kinds }: FieldSurvey): Attribute {
  const readable = name.replace(/[_.]+/g, ' ').trim();
  const title = { id: readable, en: readable };
  const [kind] = kinds;
  if (kind !== undefined) return { kind, title };
  // A name is never a closed vocabulary, however few there are.
  const closed = longest <= longestChoice && distinct.size <= mostChoices && !isName(name);
  const found = closed ? choicesOf([...distinct]) : undefined;
  const choices = found && Object.keys(found).length < filled ? found : undefined;
  // A text has room for what the next file brings.
  return choices ? { kind: 'choice', title, choices } : { kind: 'text', title, maxLength: Math.max(200, longest * 2) };
}

function isName(field: string): boolean {
  return ['name', ...(synonyms.name ?? [])].includes(fieldName(field));
}

/** Values that differ in case only are one choice; undefined when two would have the same key all the same. */
function choicesOf(values: readonly unknown[]): Record<string, Choice> | undefined {
  const choices: Record<string, Choice> = {};
  const spelled = new Map<string, string>();
  for (const value of values.map(String)) {
    const key = keyOf(value);
    const known = spelled.get(normal(value));
    if (known !== undefined && known.toLowerCase() !== value.trim().toLowerCase()) return undefined;
    if (known !== undefined) continue;
    if (key === '' || key in choices) return undefined;
    spelled.set(normal(value), value.trim());
    choices[key] = { id: value.trim(), en: value.trim() };
  }
  return choices;
}

/** "In Progress" → `in_progress`, "-1" → `minus_1`. */
function keyOf(value: string): string {
  const text = value
    .trim()
    .toLowerCase()
    .replace(/^-(?=\d)/, 'minus_');
  return text.replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '');
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
