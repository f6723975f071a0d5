import type { z } from 'zod';
import type { Action } from './actions/action.ts';
import { type Attribute, type Bilingual, type Choice, describe } from './attribute.ts';
import type { Group } from './group.ts';
import type { Icon } from './icon.ts';
import type { Command, Coverage, Due, PointSymbol, SignalHeads } from './point_signs.ts';
import type { Role } from './role.ts';
import { type Severity, severities, severityOfValue } from './severity.ts';
import type { Reading } from './slope.ts';
import type { StyleRule } from './style_rule.ts';
import type { Visibility } from './visibility.ts';

export type GeometryKind = 'Point' | 'LineString' | 'Polygon' | 'MultiPoint' | 'MultiLineString' | 'MultiPolygon';

/** Columns that every layer has besides its own attributes and that a tile may carry. */
export type CommonColumn = 'code' | 'agency' | 'area_code' | 'source' | 'observed_at';

/** Where a layer lies in the picture, from the ground up. */
export const drawOrders = [
  ...['area', 'boundary', 'line'],
  /** Points that are surroundings to all others; small things that are many; things; things that report; that move.
   *  Whatever is critical lies over all of them. */
  ...['background', 'small', 'thing', 'live', 'moving'],
] as const;
export type DrawOrder = (typeof drawOrders)[number];

/** What is drawn below a layer's first full zoom: clusters (points), a simplified shape, or nothing. */
export type Below = 'cluster' | 'simplify' | 'hide';

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
  /** First zoom at which its clusters are discs; below it a soft surface shows where things crowd, with bare numbers on it. */
  readonly densityBelow?: number;
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
  readonly heads?: SignalHeads<T>;
  /** The instant at which an exception ends by itself: an arc around the symbol shows the minutes left, as on a dial. */
  readonly ends?: T;
  /** The choice attribute by whose values' icons its points are told apart. */
  readonly glyph?: T;
  /** Drawn around what is selected; the sectors of all in view where one comes close and the tile carries them. */
  readonly coverage?: Coverage<keyof z.infer<A> & string>;
  /** When a row leaves by itself: at the moment that an attribute tells, or so many days after `observed_at`. Absent: never. */
  readonly leaves?: { readonly at: keyof z.infer<A> & string } | { readonly afterDays: number };
  /** A boolean that nobody enters and that becomes true so many hours after `observed_at`, for a state that was alarming only then. */
  readonly past?: { readonly attribute: keyof z.infer<A> & string; readonly afterHours: number };
  /** What the checks over several columns or of the code demand, by the names that they have in the migrations. */
  readonly rules?: Readonly<Record<string, Bilingual>>;
  /** What was said of a state and not of the next: emptied within half a minute when an attribute has one of these values. */
  readonly forgets?: {
    readonly attributes: readonly (keyof z.infer<A> & string)[];
    readonly when: { readonly attribute: keyof z.infer<A> & string; readonly values: readonly string[] };
  };
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
   * and where it was when it is moving, for `keptDays`. With one among them that the database derives from the row, the
   * newest observation is kept as the row then is, also in what it did not say itself.
   */
  readonly series?: {
    readonly attributes: readonly (keyof z.infer<A> & string)[];
    /**
     * One of them, a choice with the value `suspect`, where devices say themselves how far a reading is to be trusted.
     * With it or without, readings outside their limits are kept as suspect, in the series only.
     */
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
   * The choice attribute that tells when its device is cut off: `offline` then, where it had one of `from` (absent: any
   * value), `online` with the next observation that says nothing of it (absent: left alone; with `from`, where it was
   * `offline`). It is cut off by its last will (MQTT), and with `silentWhenStale`, whatever door it comes by, when what
   * was observed of it is stale (`staleAfterMinutes`, `staleAfterBy`).
   */
  readonly link?: {
    readonly attribute: keyof z.infer<A> & string;
    readonly offline: string;
    readonly from?: readonly string[];
    readonly online?: string;
    readonly silentWhenStale?: true;
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
    | 'tile'
    | 'style'
    | 'valueLabel'
    | 'staleAfterBy'
    | 'command'
    | 'due'
    | 'heads'
    | 'ends'
    | 'glyph'
    | 'moving'
    | 'series'
  > & {
    readonly tile: readonly T[];
    readonly style: readonly StyleRule<NoInfer<T>>[];
    readonly valueLabel?: NoInfer<T>;
    readonly staleAfterBy?: NonNullable<Layer<A, NoInfer<T>>['staleAfterBy']>;
    readonly command?: Command<NoInfer<T>>;
    readonly due?: Due<NoInfer<T>>;
    readonly heads?: SignalHeads<NoInfer<T>>;
    readonly ends?: NoInfer<T>;
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

/** The severity of a state value of a layer; `normal` where it has no states. */
export function severityOf(of: Layer, value: string | null): Severity {
  return of.state ? severityOfValue(attributesOf(of).get(of.state), value) : 'normal';
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
