import type { z } from 'zod';
import type { Action } from './actions/action.ts';
import { type Attribute, type Bilingual, type Choice, describe, type Severity, severities } from './attribute.ts';
import type { Icon } from './icon.ts';
import type { Role } from './role.ts';
import type { Reading } from './slope.ts';

/** The groups of the layer list, in the order they are shown. */
export const groups = {
  disaster: { id: 'Bencana', en: 'Disaster' },
  emergency: { id: 'Darurat', en: 'Emergency' },
  complaint: { id: 'Aduan', en: 'Complaints' },
  traffic: { id: 'Lalu lintas', en: 'Traffic' },
  utility: { id: 'Prasarana', en: 'Utilities' },
  health: { id: 'Kesehatan', en: 'Health' },
  economy: { id: 'Ekonomi', en: 'Economy' },
  boundary: { id: 'Wilayah', en: 'Boundaries' },
  other: { id: 'Lainnya', en: 'Other' },
} as const satisfies Record<string, Bilingual>;
export type Group = keyof typeof groups;

export type GeometryKind = 'Point' | 'LineString' | 'Polygon' | 'MultiPoint' | 'MultiLineString' | 'MultiPolygon';

/** Some attributes of some rows of a layer. */
export interface VisiblePart<A extends string = string> {
  readonly attributes: 'all' | readonly A[];
  /** CQL2 text that these rows satisfy; it may read attributes that are not shown. */
  readonly where?: string;
  /** Only rows of the agency in which the role is held, and of the area it is limited to. */
  readonly own?: true;
}

/**
 * What a role sees of a layer: nothing, everything, or parts: a row that is in one of them, with the attributes of all
 * parts that it is in.
 */
type Visibility<A extends string = string> = 'none' | 'all' | VisiblePart<A> | readonly VisiblePart<A>[];

/** Columns that every layer has besides its own attributes and that a tile may carry. */
export type CommonColumn = 'code' | 'agency' | 'area_code' | 'source' | 'observed_at';

type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '!' | 'all' | 'any' | 'has' | 'literal' | 'between';

/** An OpenLayers flat-style filter that can only read what the tile carries. */
export type Expression<K extends string = string> =
  | string
  | number
  | boolean
  | readonly ['get' | 'has', K]
  | readonly ['literal', readonly (string | number)[]]
  | readonly [Exclude<Operator, 'literal' | 'has'>, ...Expression<K>[]];

/** A colour by its role in the theme (`web/theme/tokens.css`), so that a rule reads the same on a dark and a light map. */
export type Token = Severity | 'accent' | 'accent-2' | 'info' | 'ink' | 'ink-2' | 'ink-3' | 'line' | 'water';

/**
 * One rule of a layer's style; the rules in their order are its legend.
 * The first rule whose `filter` holds draws the feature; a rule without a filter is "everything else".
 * Points take `severity` (ring and notches), `icon` (unless the layer's or the glyph's), `hollow` (as a dot a mere ring) and
 * `silent` (as what nobody hears of); lines and polygons the strokes and fills.
 */
export interface StyleRule<K extends string = string> {
  readonly label: Bilingual;
  readonly filter?: Expression<K>;
  readonly severity?: Severity;
  readonly icon?: Icon;
  readonly hollow?: true;
  readonly silent?: true;
  readonly stroke?: { readonly color: Token; readonly width: number; readonly dash?: readonly number[] };
  readonly fill?: { readonly color: Token; readonly opacity: number; readonly pattern?: 'hatch' | 'diagonal' };
}

export type PointSymbol = 'disc' | 'bubble' | 'soft' | 'dot';

/** Where a layer lies in the picture, from the ground up. */
export const drawOrders = [
  ...['area', 'boundary', 'line'],
  /** Points that are surroundings to all others; small things that are many; things; things that report; that move. */
  ...['background', 'small', 'thing', 'live', 'moving', 'alarm'],
] as const;
export type DrawOrder = (typeof drawOrders)[number];

/** What is drawn below a layer's first full zoom: clusters (points), a simplified shape, or nothing. */
export type Below = 'cluster' | 'simplify' | 'hide';

/**
 * Of what takes commands: the attributes that tell what was asked, what the device reported of it, and whether it was
 * seen to do it (`verified()`). What the device reported is the symbol; a halo shows what is asked and not reported yet,
 * a mark what differs past the deadline.
 */
export interface Command<K extends string = string> {
  readonly commanded: K;
  readonly reported: K;
  readonly verified: K;
  /** Commanded values that ask for nothing. */
  readonly rest?: readonly string[];
}

/** By when something is to be done with a thing, as long as an attribute has one of these values. */
export interface Due<K extends string = string> {
  readonly attribute: K;
  readonly when: { readonly attribute: K; readonly values: readonly string[] };
}

/**
 * The ground a thing covers: metres around it, `usual` where they are not known and `most` at most. Where it does not
 * cover all around, the direction it looks in, in degrees clockwise from north, and how many degrees it sees.
 */
export interface Coverage<K extends string = string> {
  readonly range: K;
  readonly usual?: number;
  readonly most?: number;
  readonly sector?: { readonly heading: K; readonly width: K };
}

/** A layer: all that is known of one kind of thing on the map. */
export interface Layer<A extends z.ZodObject = z.ZodObject, T extends string = string> {
  /** File name, table, URL segment, event topic and MVT layer name: singular, `[a-z_]+`. */
  readonly id: string;
  readonly title: Bilingual;
  readonly description?: Bilingual;
  readonly group: Group;
  readonly geometry: GeometryKind;
  readonly icon: Icon;
  /** How its points are drawn: a disc with a ring (absent), the same as a speech bubble, a soft disc that keeps back, or a dot where it is seen from afar. */
  readonly symbol?: PointSymbol;
  /** Absent: by its geometry, points by whether they report and move ({@link drawOrderOf}). */
  readonly drawOrder?: DrawOrder;
  readonly attributes: A;
  /** The attribute that names a feature: hover, lists, search. */
  readonly name: keyof z.infer<A> & string;
  /** The choice attribute whose values carry severities: ring colour, worst state of a cluster, state bar of the list. */
  readonly state?: keyof z.infer<A> & string;
  /** The attribute written beside the symbol, with its unit. */
  readonly valueLabel?: T;
  /** And under it the age of the observation. */
  readonly labelAge?: true;
  /** Searched besides name and code. */
  readonly search?: readonly (keyof z.infer<A> & string)[];
  /** First zoom at which every feature is drawn as itself, and what happens below it. */
  readonly fullZoom: number;
  readonly below: Below;
  /** What travels in tiles: attributes and common columns. */
  readonly tile: readonly T[];
  readonly style: readonly StyleRule<T>[];
  readonly visible: { readonly [R in Role]?: Visibility<keyof z.infer<A> & string> } & {
    readonly default: Visibility<keyof z.infer<A> & string>;
  };
  /** Minutes after `observed_at` at which an observation is stale (ageing from half of it). Absent: it does not age. */
  readonly staleAfterMinutes?: number;
  /**
   * Where that age depends on a choice which the tile carries: minutes per value, null when a thing of that value does
   * not age. A value that is not named follows `staleAfterMinutes`.
   */
  readonly staleAfterBy?: { readonly attribute: T; readonly minutes: Readonly<Record<string, number | null>> };
  readonly command?: Command<T>;
  /** A clock marks what is overdue. */
  readonly due?: Due<T>;
  /** The choice attribute by whose values' icons its points are told apart. */
  readonly glyph?: T;
  /** Drawn around what is selected; the sectors of all in view where one comes close and the tile carries them. */
  readonly coverage?: Coverage<keyof z.infer<A> & string>;
  /** When a row leaves by itself: at the moment that an attribute tells, or so many days after `observed_at`. Absent: never. */
  readonly leaves?: { readonly at: keyof z.infer<A> & string } | { readonly afterDays: number };
  /** A boolean that nobody enters and that becomes true so many hours after `observed_at`, for a state that was alarming only then. */
  readonly past?: { readonly attribute: keyof z.infer<A> & string; readonly afterHours: number };
  /** Shown on the first visit. */
  readonly initiallyVisible?: boolean;
  /** Chosen values of choice attributes on the first visit; absent: everything is shown. */
  readonly initialFilter?: { readonly [K in keyof z.infer<A> & string]?: readonly string[] };
  /** Made from an imported file at run time, not from a file in `server/layers/`. */
  readonly runtime?: boolean;
  /**
   * It has no fixed place: every observation says where it is, and its series keeps the way it went. The attributes, if
   * any, say where it is heading: degrees clockwise from north, and km/h.
   */
  readonly moving?: { readonly course?: T; readonly speed?: T };
  /**
   * What is kept of every observation, in the table `<id>_series` (`createSeriesTable` in a migration): these attributes,
   * and where it was when it is moving, for `keptDays`.
   */
  readonly series?: {
    readonly attributes: readonly (keyof z.infer<A> & string)[];
    /** One of them, a choice with the value `suspect`: readings outside their limits are kept with it, in the series only. */
    readonly quality?: keyof z.infer<A> & string;
    readonly keptDays: number;
    /** What the tile carries of a thing that holds at any time: what it is, not how it is. Its name does in any case. */
    readonly constant?: readonly T[];
    /** From which level on a thing is in a state: attributes of its own by values of `state`. Drawn as lines in the chart of `of`. */
    readonly thresholds?: {
      readonly of: keyof z.infer<A> & string;
      readonly by: Readonly<Record<string, keyof z.infer<A> & string>>;
    };
  };
  /**
   * Attributes that the server works out of the series (`server/ingest/derive.ts`): of the first trusted reading of
   * `from` in each sixth of the last `minutes`, oldest first, whenever there is a new one. What `work` cannot tell is
   * null, and then a device may say it.
   */
  readonly derived?: {
    readonly from: keyof z.infer<A> & string;
    readonly minutes: number;
    readonly attributes: readonly (keyof z.infer<A> & string)[];
    readonly work: (readings: readonly Reading[]) => Readonly<Record<string, string | number | null>>;
  };
  /** What people do with a feature besides editing it, by name: `[a-z_]+`. */
  readonly actions?: Readonly<Record<string, Action>>;
  /**
   * Who edits features; a role that is held in an agency or an area, only those of that agency and area. Absent:
   * {@link defaultEditors}.
   */
  readonly edit?: readonly Role[];
  /** Who adds features, and splits them. Absent: who edits them. */
  readonly create?: readonly Role[];
  /** Who deletes features and restores them. Absent: who edits them. */
  readonly delete?: readonly Role[];
  /**
   * A thing nobody entered appears with the first observation that says all of these (of none: with its first), named by
   * its code unless it says its name.
   */
  readonly createOnObservation?: readonly (keyof z.infer<A> & string)[];
  /**
   * The choice attribute that tells when its device is cut off (an MQTT last will): `offline` then, where it had one of
   * `from` (absent: any value), `online` with the next observation that says nothing of it (absent: left alone).
   */
  readonly link?: {
    readonly attribute: keyof z.infer<A> & string;
    readonly offline: string;
    readonly from?: readonly string[];
    readonly online?: string;
  };
}

/** Who edits a layer that says nothing of it: the administrator, and the operators of the agency that owns a feature. */
export const defaultEditors: readonly Role[] = ['admin', 'agency_operator'];

/**
 * Declares a layer; the types refuse a tile attribute that does not exist and a style that reads what the tile does
 * not carry.
 */
export function layer<A extends z.ZodObject, const T extends (keyof z.infer<A> & string) | CommonColumn>(
  definition: Omit<
    Layer<A, T>,
    'tile' | 'style' | 'valueLabel' | 'staleAfterBy' | 'command' | 'due' | 'glyph' | 'moving' | 'series'
  > & {
    readonly tile: readonly T[];
    readonly style: readonly StyleRule<NoInfer<T>>[];
    readonly valueLabel?: NoInfer<T>;
    readonly staleAfterBy?: NonNullable<Layer<A, NoInfer<T>>['staleAfterBy']>;
    readonly command?: Command<NoInfer<T>>;
    readonly due?: Due<NoInfer<T>>;
    readonly glyph?: NoInfer<T>;
    readonly moving?: NonNullable<Layer<A, NoInfer<T>>['moving']>;
    readonly series?: NonNullable<Layer<A, NoInfer<T>>['series']>;
  },
): Layer<A, T> {
  return definition;
}

/** The attributes of a layer with their descriptions, in declared order. */
export function attributesOf(of: Layer): ReadonlyMap<string, Attribute> {
  return new Map(Object.entries(of.attributes.shape).map(([key, schema]) => [key, describe(schema)]));
}

/** Those of them that some view may show: all but what never leaves the server. */
export function outwardAttributes(of: Layer): ReadonlyMap<string, Attribute> {
  return new Map([...attributesOf(of)].filter(([, { serverOnly }]) => !serverOnly));
}

/** Where a layer lies in the picture: as it says, else shapes below points, and points the higher the more they live. */
export function drawOrderOf({ drawOrder, geometry, moving, staleAfterMinutes }: Layer): DrawOrder {
  if (drawOrder) return drawOrder;
  if (geometry.endsWith('Polygon')) return 'area';
  if (geometry.endsWith('LineString')) return 'line';
  if (moving) return 'moving';
  return staleAfterMinutes === undefined ? 'thing' : 'live';
}

/** The severity of a state value of a layer; `unknown` when there is none, or none that the layer knows. */
export function severityOf(of: Layer, value: string | null): Severity {
  if (!of.state) return 'normal';
  const attribute = attributesOf(of).get(of.state);
  if (attribute?.kind !== 'choice' || value === null) return 'unknown';
  const known = attribute.choices[value];
  return known ? (known.severity ?? 'normal') : 'unknown';
}

const noData: Bilingual = { id: 'Belum ada data', en: 'No data yet' };

/**
 * One style rule for each choice of the state attribute, worst first: the legend of a layer whose look is its state.
 * Whatever has no state (a tile omits null) falls to the last rule: that of the choice `unknown`, else "no data yet".
 */
export function rulesByChoice<K extends string>(
  attribute: K,
  choices: Readonly<Record<string, Choice>>,
): StyleRule<K>[] {
  const { unknown = noData, ...known } = choices;
  const rank = (severity: Severity = 'normal') => -severities.indexOf(severity);
  const rules: StyleRule<K>[] = Object.entries(known)
    .toSorted(([, a], [, b]) => rank(a.severity) - rank(b.severity))
    .map(([value, { id, en, severity, silent }]) => ({
      label: { id, en },
      filter: ['==', ['get', attribute], value] as const,
      severity: severity ?? 'normal',
      ...(silent && { silent }),
    }));
  return [...rules, { label: { id: unknown.id, en: unknown.en }, severity: 'unknown' }];
}
