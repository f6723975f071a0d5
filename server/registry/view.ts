import { hash } from 'node:crypto';
import { actorsOf } from './actions/may.ts';
import type { Attribute } from './attribute.ts';
import { areaText } from './grant_area.ts';
import { attributesOf, type Layer, outwardAttributes } from './layer.ts';
import { roleIs } from './role.ts';
import { commonProperties, countsChanges } from './schema.ts';
import type { Expression, StyleRule } from './style_rule.ts';
import { textLiteral } from './text_literal.ts';
import type { Grant, Viewer } from './viewer.ts';
import type { VisiblePart } from './visibility.ts';

declare const seen: unique symbol;

/**
 * A layer as one viewer may see it: the only thing an output accepts. What is not in it does not exist for that viewer.
 * Made by {@link viewOf} alone, so that no output can be handed a whole layer by mistake.
 */
export interface View {
  readonly [seen]: true;
  /** Equal views share cache entries: the layer and what is visible of it, not who looks. No such entry holds versions. */
  readonly key: string;
  readonly layer: Layer;
  /** Attributes that are visible in some row at least. */
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** What its viewer may write and nobody reads; in rows that do not satisfy its mask not that either. */
  readonly writeOnly: ReadonlyMap<string, Attribute>;
  /** CQL2 texts by attribute, `version` and `updated_at`: in rows that do not satisfy it, it is as if it were null. */
  readonly masks: ReadonlyMap<string, string>;
  /** Columns that travel in tiles, in the layer's order: what some rows hide does not. */
  readonly tile: readonly string[];
  /** The layer's rules that read nothing but these columns. */
  readonly style: readonly StyleRule[];
  /** Whether the state, and so the severity, of every row may be told. */
  readonly showsState: boolean;
  /** CQL2 text that a row must satisfy, if any. */
  readonly where: string | undefined;
  /**
   * Whether `version` and `updated_at` are told in some row at least: they count hidden changes too. Who acts on a row must
   * name its version; of one that hides nothing anybody may know it. Of others `masks` hides them.
   */
  readonly showsVersions: boolean;
}

/** Whether some attribute is hidden, in all rows or in some: then not even that it changed may be told. */
export function hidesAttributes({ attributes, masks, layer }: View): boolean {
  return masks.size > 0 || attributes.size < outwardAttributes(layer).size;
}

/** The attributes that a style filter reads. */
function reads(filter: Expression): string[] {
  if (!Array.isArray(filter) || filter[0] === 'literal') return [];
  const [operator, ...parts]: readonly Expression[] = filter;
  return operator === 'get' || operator === 'has' ? parts.map(String) : parts.flatMap(reads);
}

/** Everything of a layer: for conditions of the layer itself, never for an output. */
export function wholeView(layer: Layer): View {
  return make(layer, [{ attributes: 'all' }], []);
}

/**
 * The view of a layer for a viewer, or undefined when they see nothing of it (unknown and forbidden are the same), as a
 * machine whose key is for other layers.
 */
export function viewOf(layer: Layer, viewer: Viewer): View | undefined {
  if (viewer.layers && !viewer.layers.includes(layer.id)) return undefined; // not in the key below, which is of grants
  const key = keyOf(viewer.grants);
  const views = known.get(layer) ?? new Map<string, View | undefined>();
  known.set(layer, views);
  if (!views.has(key)) {
    if (views.size >= mostKnown) views.clear();
    const parts = viewer.grants.flatMap((grant) => partsFor(layer, grant));
    views.set(key, parts.length > 0 ? make(layer, parts, actedOn(layer, viewer)) : undefined);
  }
  return views.get(key);
}

/** Views by layer and grants: every request asks for one, and a layer never changes. */
const known = new WeakMap<Layer, Map<string, View | undefined>>();
const mostKnown = 1000;

/** Grants as a text, the same for the same: with an outline it is long, and one session asks for many views. */
const keys = new WeakMap<readonly Grant[], string>();

function keyOf(grants: readonly Grant[]): string {
  const key = keys.get(grants) ?? brief(JSON.stringify(grants));
  keys.set(grants, key);
  return key;
}

/** A text to tell others by, never long: keys of caches are kept by the thousand. */
function brief(text: string): string {
  return text.length <= 500 ? text : hash('sha256', text, 'base64url');
}

/** Rows that satisfy a condition as CQL2 text; without one, all. */
interface Rows {
  readonly where?: string | undefined;
}

/** A part of a layer that is seen, with its condition written out for the one who looks. */
interface Part extends Rows {
  readonly attributes: 'all' | readonly string[];
}

function partsFor(layer: Layer, grant: Grant): Part[] {
  const visibility = layer.visible[grant.role] ?? layer.visible.default;
  if (visibility === 'none') return [];
  if (visibility === 'all') return [{ attributes: 'all' }];
  const parts: readonly VisiblePart[] = 'attributes' in visibility ? [visibility] : visibility;
  return parts.flatMap(({ attributes, where, own }) => {
    if (!own) return [{ attributes, where }];
    const mine = ownRows(grant);
    return mine === undefined ? [] : [{ attributes, where: where === undefined ? mine : `(${where}) AND ${mine}` }];
  });
}

/** CQL2 text of the rows of a grant's agency in its area; undefined where it is held in no agency. */
export function ownRows(grant: Grant): string | undefined {
  if (grant.agency === undefined) return undefined;
  const mine = `agency = ${textLiteral(grant.agency)}`;
  const inside = areaText(grant);
  return inside === undefined ? mine : `${mine} AND ${inside}`;
}

/** The rows on which a viewer acts: the same as `may` says of one. */
function actedOn(layer: Layer, { grants }: Viewer): readonly Rows[] {
  const actors = actorsOf(layer);
  return grants
    .filter(({ role, agency }) => actors.includes(role) && (agency !== undefined || !roleIs(role, 'ofAgency')))
    .map((grant) => ({ where: grant.agency === undefined ? areaText(grant) : ownRows(grant) }));
}

function make(layer: Layer, parts: readonly Part[], acted: readonly Rows[]): View {
  const where = either(parts);
  const attributes = new Map<string, Attribute>();
  const masks = new Map<string, string>();
  const writeOnly = new Map<string, Attribute>();
  for (const [key, attribute] of attributesOf(layer)) {
    const showing = parts.filter((part) => part.attributes === 'all' || part.attributes.includes(key));
    if (key !== layer.name && showing.length === 0) continue;
    (attribute.serverOnly ? writeOnly : attributes).set(key, attribute);
    const mask = key === layer.name ? where : either(showing);
    // Shown wherever a row is, it needs no mask.
    if (mask !== undefined && mask !== where) masks.set(key, mask);
  }
  const whole = attributes.size === outwardAttributes(layer).size;
  const key = `${layer.id}:${whole ? '*' : [...attributes.keys()].join(',')}:${brief(`${where ?? ''}:${[...masks].join(';')}`)}`;
  const telling = whole ? [...acted, { where: every([...masks.values()]) }] : acted;
  const versions = either(telling);
  if (telling.length > 0 && versions !== undefined && versions !== where)
    for (const column of countsChanges) masks.set(column, versions);
  const isSteady = (key: string) => attributes.has(key) && !masks.has(key);
  const tile = layer.tile.filter((key) => isSteady(key) || Object.hasOwn(commonProperties, key));
  const view: Omit<View, typeof seen> = {
    key,
    layer,
    attributes,
    writeOnly,
    masks,
    tile,
    style: layer.style.filter(({ filter }) => !filter || reads(filter).every((key) => tile.includes(key))),
    showsState: layer.state === undefined || isSteady(layer.state),
    where,
    showsVersions: telling.length > 0,
  };
  return view as View; // the brand exists only in the types
}

/** The condition of satisfying all of them; undefined when there is none. */
function every(conditions: readonly string[]): string | undefined {
  const [only, ...more] = [...new Set(conditions)].toSorted();
  return more.length === 0 ? only : `(${[only, ...more].join(') AND (')})`;
}

/** The condition of being in one of the parts at least, the same text for the same parts; undefined: every row is. */
function either(parts: readonly Rows[]): string | undefined {
  const texts = new Set<string>();
  for (const { where } of parts) {
    if (where === undefined) return undefined;
    texts.add(where);
  }
  const [only, ...more] = [...texts].toSorted();
  return more.length === 0 ? only : `(${[only, ...more].join(') OR (')})`;
}
