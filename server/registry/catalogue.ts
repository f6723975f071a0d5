import type { ListedAction } from './actions/listed.ts';
import type { Attribute, Bilingual } from './attribute.ts';
import type { Group, groups } from './group.ts';
import type { Icon } from './icon.ts';
import { type Below, type DrawOrder, drawOrderOf, type GeometryKind, type Layer } from './layer.ts';
import type { Command, Coverage, Due, PointSymbol, SignalHeads } from './point_signs.ts';
import { jsonSchema } from './schema.ts';
import type { StyleRule } from './style_rule.ts';
import type { TimeZone } from './time_zone.ts';
import type { View } from './view.ts';
import type { Grant } from './viewer.ts';

/** `[west, south, east, north]` in degrees. */
export type Bbox = readonly [west: number, south: number, east: number, north: number];

/** One layer as the web page reads it: enough to list, draw, filter, search, explain and open it. */
export interface CatalogueLayer extends Summary {
  readonly id: string;
  readonly title: Bilingual;
  readonly description?: Bilingual;
  readonly group: Group;
  readonly geometry: GeometryKind;
  readonly icon: Icon;
  readonly symbol: PointSymbol;
  readonly drawOrder: DrawOrder;
  /** Attributes the viewer may see, in declared order. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** JSON Schema 2020-12 of a feature's properties, with `x-ogc-unit` and titles in both languages. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly state?: string;
  readonly valueLabel?: string;
  readonly labelAge: boolean;
  readonly search: readonly string[];
  readonly fullZoom: number;
  readonly below: Below;
  readonly densityBelow?: number;
  readonly tile: readonly string[];
  readonly style: readonly StyleRule[];
  readonly staleAfterMinutes?: number;
  readonly staleAfterBy?: NonNullable<Layer['staleAfterBy']>;
  /** Absent too where the viewer's tiles do not carry all of it. */
  readonly command?: Command;
  readonly due?: Due;
  readonly heads?: SignalHeads;
  readonly ends?: string;
  readonly glyph?: string;
  readonly coverage?: Coverage;
  /** Its things have no fixed place: they are drawn where each event says, not where a tile had them. With what tells its heading. */
  readonly moving?: NonNullable<Layer['moving']>;
  /** What is kept over time (`/api/layers/{layer}/{id}/series`); absent: nothing is, nor where it was. */
  readonly series?: SeriesOfLayer;
  readonly initiallyVisible: boolean;
  readonly initialFilter?: Readonly<Record<string, readonly string[]>>;
  readonly runtime: boolean;
  /** What the viewer may do with its features; nothing before somebody signs in. */
  readonly actions: readonly ListedAction[];
  readonly eventTopic: string;
  readonly links: {
    readonly tiles: string;
    readonly tilejson: string;
    readonly items: string;
    readonly queryables: string;
  };
}

export interface Catalogue {
  readonly title: string;
  /** Who looks; without a name nobody signed in. */
  readonly viewer: { readonly name: string | null; readonly grants: readonly Grant[] };
  readonly bbox: Bbox;
  /** Of every clock and date. */
  readonly timeZone: TimeZone;
  /** `epoch:seq` of the change log that the counts are true at; a later one stands in the header `Pendopo-Position`. */
  readonly position: string;
  readonly groups: typeof groups;
  readonly layers: readonly CatalogueLayer[];
  readonly basemaps: readonly Basemap[];
}

/** A background the page may choose. `kind` says how it is read. */
export interface Basemap {
  readonly id: string;
  readonly title: Bilingual;
  readonly kind: 'pmtiles-vector' | 'pmtiles-raster' | 'xyz' | 'none';
  readonly url: string;
  readonly attribution: string;
}

/** What is kept over time of a layer's things, as far as the viewer may see it. */
export interface SeriesOfLayer {
  readonly attributes: readonly string[];
  /** The one of them that says whether a reading is to be trusted. */
  readonly quality?: string;
  readonly keptDays: number;
  /** Levels of `of` from which on a thing is in a state: attributes of its own by values of the layer's `state`. */
  readonly thresholds?: { readonly of: string; readonly by: Readonly<Record<string, string>> };
}

/** What the live copy can say of a view at once. */
export interface Summary {
  readonly count: number;
  /** Rows that have no place yet. */
  readonly unlocated: number;
  /** Extent of what is there, null when nothing is. */
  readonly bbox: Bbox | null;
  /** RFC 3339, null when nothing was ever observed. */
  readonly newest: string | null;
  /** Rows by where they come from: `demo`, `schematic`, `import:…`, `operator`. */
  readonly sources: Readonly<Record<string, number>>;
  /** Rows by severity of their state. */
  readonly states: Readonly<Record<string, number>>;
}

/** The catalogue entry of a view. */
export function catalogueLayer(view: View, summary: Summary, actions: readonly ListedAction[] = []): CatalogueLayer {
  const { layer } = view;
  const may = (key: string | undefined) => key !== undefined && view.attributes.has(key);
  return {
    id: layer.id,
    title: layer.title,
    ...(layer.description && { description: layer.description }),
    group: layer.group,
    geometry: layer.geometry,
    icon: layer.icon,
    symbol: layer.symbol ?? 'disc',
    drawOrder: drawOrderOf(layer),
    attributes: Object.fromEntries(view.attributes),
    schema: jsonSchema(view),
    name: layer.name,
    ...(layer.state && may(layer.state) && { state: layer.state }),
    ...(layer.valueLabel && may(layer.valueLabel) && { valueLabel: layer.valueLabel }),
    labelAge: layer.labelAge ?? false,
    search: [layer.name, ...(layer.search ?? [])].filter(may),
    fullZoom: layer.fullZoom,
    below: layer.below,
    ...(layer.densityBelow !== undefined && { densityBelow: layer.densityBelow }),
    tile: view.tile,
    style: view.style,
    ...(layer.staleAfterMinutes !== undefined && { staleAfterMinutes: layer.staleAfterMinutes }),
    ...(layer.staleAfterBy && view.tile.includes(layer.staleAfterBy.attribute) && { staleAfterBy: layer.staleAfterBy }),
    ...(layer.command &&
      carries(view, layer.command.commanded, layer.command.reported, layer.command.verified) && {
        command: layer.command,
      }),
    ...(layer.due && carries(view, layer.due.attribute, layer.due.when.attribute) && { due: layer.due }),
    ...(layer.heads && carries(view, layer.heads.attribute) && { heads: layer.heads }),
    ...(layer.ends && carries(view, layer.ends) && { ends: layer.ends }),
    ...(layer.glyph && carries(view, layer.glyph) && { glyph: layer.glyph }),
    ...(layer.coverage && visibleCoverage(layer.coverage, may)),
    ...(layer.moving && { moving: visibleHeading(layer.moving, view) }),
    ...(layer.series && { series: visibleSeries(layer.series, may) }),
    initiallyVisible: layer.initiallyVisible ?? false,
    ...(layer.initialFilter && { initialFilter: visibleFilter(layer.initialFilter, view) }),
    runtime: layer.runtime ?? false,
    actions,
    eventTopic: layer.id,
    links: {
      tiles: `/tiles/${layer.id}/{z}/{x}/{y}`,
      tilejson: `/tiles/${layer.id}.json`,
      items: `/ogc/collections/${layer.id}/items`,
      queryables: `/ogc/collections/${layer.id}/queryables`,
    },
    ...summary,
  };
}

/** Whether the viewer's tiles carry these. */
function carries({ tile }: View, ...keys: readonly string[]): boolean {
  return keys.every((key) => tile.includes(key));
}

/** The ground that things cover, if the viewer may know all that tells it. */
function visibleCoverage(
  coverage: Coverage,
  may: (key: string | undefined) => boolean,
): { readonly coverage?: Coverage } {
  const { range, area, sector } = coverage;
  const named = [range, ...(area ? [area] : []), ...(sector ? [sector.heading, sector.width] : [])];
  return named.every(may) ? { coverage } : {};
}

/** What tells the heading of a moving thing, as far as the viewer's tiles carry it. */
function visibleHeading({ course, speed }: NonNullable<Layer['moving']>, { tile }: View): NonNullable<Layer['moving']> {
  return { ...(course && tile.includes(course) && { course }), ...(speed && tile.includes(speed) && { speed }) };
}

function visibleSeries(
  { attributes, quality, keptDays, thresholds }: NonNullable<Layer['series']>,
  may: (key: string | undefined) => boolean,
): SeriesOfLayer {
  const lines = Object.entries(thresholds?.by ?? {}).filter(([, key]) => may(key));
  return {
    attributes: attributes.filter(may),
    keptDays,
    ...(quality && may(quality) && { quality }),
    ...(thresholds && may(thresholds.of) && { thresholds: { of: thresholds.of, by: Object.fromEntries(lines) } }),
  };
}

/** The part of an initial filter that speaks of what the viewer may see. */
function visibleFilter(
  filter: NonNullable<View['layer']['initialFilter']>,
  view: View,
): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(filter).flatMap(([key, values]) => (values && view.attributes.has(key) ? [[key, values]] : [])),
  );
}
