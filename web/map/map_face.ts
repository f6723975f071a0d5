import type { Catalogue, CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { StyleRule } from '../../server/registry/style_rule.ts';
import type { EventProperties, FeatureEvent } from '../live/event.ts';
import type { ReplayedLayers } from '../replay/replayed_layers.ts';
import type { Store } from '../state.ts';
import type { DraftLayer } from './draft_layer.ts';
import type { ExportOptions } from './export_png.ts';
import type { FeatureHit } from './feature_hit.ts';
import type { Follow } from './follow.ts';
import type { Hovered } from './hover.ts';
import type { InView } from './in_view.ts';
import type { TileStatus } from './live_tiles.ts';
import type { MapScale } from './map_scale.ts';
import type { MapTools, mapTools } from './map_tools.ts';
import type { Destination, FlyOptions } from './map_view.ts';
import type { Pointer } from './pointing.ts';
import type { Pulses } from './pulses.ts';
import type { Spot } from './spot.ts';

/** The one map of the page. It reads and writes the page's state; what passes by (hover, loading) has stores of its own. */
export interface OperationsMap {
  /** Puts the map into an element; the answer takes it out again and keeps all that was loaded. A React ref callback. */
  readonly attach: (target: HTMLElement) => () => void;
  /** Makes or renews the layers. `untold`: nobody tells what changes, so a later position means that something did. */
  readonly setCatalogue: (catalogue: Catalogue, untold: boolean) => void;
  /** Shows what changed; `caughtUp`: what was missed, each feature once. */
  readonly applyChanges: (changes: readonly FeatureEvent[], caughtUp: boolean) => void;
  /** Asks for a layer's tiles again, in place, where they are not as they were. */
  readonly freshen: (layer: string) => void;
  /** Fetches all that is shown again, in place. */
  readonly renew: () => void;
  /** What the map holds of a feature near a place (degrees), if it holds it. */
  readonly known: (layer: string, id: number, at: readonly [lon: number, lat: number]) => EventProperties | undefined;
  readonly pulses: Pulses;
  readonly follow: Follow;
  /** Layers as they were. */
  readonly replayed: ReplayedLayers;
  /** Shows a place (degrees) that is spoken of elsewhere; null: none. */
  readonly highlight: (at: readonly [lon: number, lat: number] | null) => void;
  /** At most one change a frame. */
  readonly hovered: Store<Hovered>;
  /** Tiles of the visible layers. */
  readonly loading: Store<TileStatus>;
  readonly pointer: Store<Pointer>;
  /** What lay together where the map was clicked last. */
  readonly spot: Store<{ readonly spot: Spot | null }>;
  readonly scale: Store<MapScale>;
  /** Goes up when what is in view may have changed: time to ask `visibleFeatures` again. */
  readonly picture: Store<{ readonly revision: number }>;
  /** How much of each layer that is on is in view, and in which states; counted with each picture. */
  readonly inView: Store<{ readonly layers: Readonly<Record<string, InView>> }>;
  readonly flyTo: (to: Destination, options?: FlyOptions) => void;
  /** Zooms in or out by whole steps. */
  readonly zoomBy: (delta: number) => void;
  /** Features and clusters of a layer whose place is in view, each once. */
  readonly visibleFeatures: (layer: string) => FeatureHit[];
  /** Zooms into a cluster's cell until it opens, as a click on it does. */
  readonly openCluster: (hit: FeatureHit) => void;
  readonly legendSymbol: (layer: CatalogueLayer, rule?: StyleRule) => HTMLCanvasElement;
  /** Takes the tools once they are here, and makes them; the first time. */
  readonly equip: (make: typeof mapTools) => void;
  /** Throws before they are here. */
  readonly tools: () => MapTools;
  readonly exportPng: (options?: ExportOptions) => Promise<Blob>;
  /** Shows what is not stored yet, over everything; null: no more. */
  readonly draft: DraftLayer['show'];
  /** Fetches a layer's tiles again, in place, never blank; and the background, if it could not be read. */
  readonly refresh: (layer: string) => void;
}
