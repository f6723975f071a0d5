import type { Geometry } from 'geojson';
import Feature from 'ol/Feature.js';
import GeoJSON from 'ol/format/GeoJSON.js';
import Point from 'ol/geom/Point.js';
import DoubleClickZoom from 'ol/interaction/DoubleClickZoom.js';
import type Interaction from 'ol/interaction/Interaction.js';
import Snap from 'ol/interaction/Snap.js';
import Translate from 'ol/interaction/Translate.js';
import VectorLayer from 'ol/layer/Vector.js';
import type OlMap from 'ol/Map.js';
import VectorSource from 'ol/source/Vector.js';
import type { GeometryKind } from '../../server/registry/layer.ts';
import { type Store, store } from '../state.ts';
import { asMany, cornersOf, isRefused, pathsOf, withoutCorner, withRing } from './corners.ts';
import { type Beside, neighbours } from './neighbours.ts';
import { cornerStyle, partStyle, penStyle } from './pen_style.ts';
import { nearPixels, pixelsBetween } from './pixels_between.ts';
import { type StrictDraw, strictDraw } from './strict_draw.ts';
import { strictModify } from './strict_modify.ts';
import type { Surroundings } from './surroundings.ts';

/** What the pen does with a shape: draws it (anew), moves corners, moves all of it, cuts a hole, adds a part. */
export type PenMode = 'draw' | 'reshape' | 'move' | 'hole' | 'part';

/** What is being drawn: degrees, longitude first. */
export interface Drawn {
  readonly geometry: Geometry | null;
  readonly active: boolean;
  readonly mode: PenMode;
  /** The last move would have crossed an outline, and was not made. */
  readonly refused: boolean;
  /** Of how many corners which one is chosen, counted from 0; null: none. */
  readonly corner: number | null;
  readonly corners: number;
}

/** Places and reshapes one feature on the map. */
export interface Pen {
  readonly layer: VectorLayer;
  readonly drawn: Store<Drawn>;
  /**
   * Begins with what is there: a point is placed by a click, a shape reshaped by its corners, or drawn when there is none; a
   * box by two clicks. `beside`: what it snaps to.
   */
  readonly start: (kind: GeometryKind | 'Box', geometry: Geometry | null, beside?: Beside) => void;
  readonly setMode: (mode: PenMode) => void;
  /** Chooses the next corner, or the one before. */
  readonly stepCorner: (by: 1 | -1) => void;
  readonly removeCorner: () => void;
  /** Shows the parts that a shape falls into (degrees), the one that keeps its id first; none: no more. */
  readonly showParts: (parts: readonly Geometry[]) => void;
  /** Ends the shape that is under way; where none is, keeps what was drawn. */
  readonly finish: () => void;
  /** Goes back to what was there at first. */
  readonly cancel: () => void;
  readonly active: () => boolean;
}

const format = new GeoJSON({ dataProjection: 'EPSG:4326', featureProjection: 'EPSG:3857' });
/** Seven decimals are a centimetre. */
const decimals = 7;

const idle: Drawn = {
  ...{ geometry: null, active: false, mode: 'draw', refused: false },
  ...{ corner: null, corners: 0 },
};

/** Drawing with OpenLayers: what would make an outline cross itself or another is refused as it happens. */
export function pen(map: OlMap, surroundings: () => Surroundings): Pen {
  const source = new VectorSource();
  const marks = new VectorSource();
  const layer = new VectorLayer({
    source,
    style: () => penStyle(surroundings()),
    zIndex: 96,
    updateWhileInteracting: true,
  });
  map.addLayer(layer);
  const shown = new VectorLayer({ source: marks, zIndex: 97, updateWhileInteracting: true });
  map.addLayer(shown);
  const beside = neighbours(map);
  const drawn = store<Drawn>(idle);
  let kind: GeometryKind | 'Box' = 'Point';
  let first: Geometry | null = null;
  let interactions: Interaction[] = [];
  let drawing: StrictDraw | undefined;

  const isPoint = () => kind.endsWith('Point');
  const shape = () => source.getFeatures()[0]?.getGeometry();
  function tell(refused = false) {
    const geometry = shape();
    const corners = cornersOf(geometry).length;
    drawn.set(({ corner }) => ({
      // Never a collection.
      geometry: geometry ? (format.writeGeometryObject(geometry, { decimals }) as Geometry) : null,
      ...{ refused, corners, corner: corner !== null && corner < corners ? corner : null },
    }));
    markCorner();
  }
  function markCorner() {
    marks.clear();
    const { corner, mode } = drawn.get();
    const at = corner === null || mode !== 'reshape' ? undefined : cornersOf(shape())[corner];
    if (!at) return;
    const mark = new Feature(new Point(at));
    mark.setStyle(cornerStyle(surroundings()));
    marks.addFeature(mark);
  }
  function use(mode: PenMode, next: readonly Interaction[]) {
    drawing = undefined;
    for (const each of interactions) map.removeInteraction(each);
    // Last, so that the others are told the snapped place; the shape's own corners before its neighbours'.
    const snaps = isPoint() || kind === 'Box' ? [] : [new Snap({ source: beside.source }), new Snap({ source })];
    interactions = next.length > 0 ? [...next, ...snaps] : [];
    for (const each of interactions) map.addInteraction(each);
    drawn.set({ mode, corner: null });
    markCorner();
  }
  /** The double click that ends a drawing must not zoom as well. */
  function doubleClickZooms(active: boolean) {
    for (const each of map.getInteractions().getArray()) if (each instanceof DoubleClickZoom) each.setActive(active);
  }
  function end() {
    use('draw', []);
    source.clear();
    beside.show(null);
    map.getTargetElement()?.classList.remove('map-measuring');
    setTimeout(() => doubleClickZooms(!drawn.get().active), 300);
    // After the click that ends it, or it would also select what lies under it.
    setTimeout(() => drawn.set({ active: false }));
  }

  function reshape() {
    const modify = strictModify(source, isRefused, (refused) => drawn.set({ refused }));
    modify.on('modifyend', () => tell(drawn.get().refused));
    use('reshape', [modify]);
    tell();
  }
  function move() {
    const feature = source.getFeatures()[0];
    if (!feature) return;
    const translate = new Translate({ layers: [layer], hitTolerance: 8 });
    translate.on('translateend', () => tell());
    use('move', [translate]);
    drawn.set({ refused: false });
  }
  /** Draws the shape, or a hole or a further part of the one there is. */
  function draw(mode: 'draw' | 'hole' | 'part') {
    const next = strictDraw({
      ...{ map, kind, source, surroundings },
      outlines: mode === 'draw' ? undefined : shape,
      refused: (refused) => drawn.set({ refused }),
      drew: (feature) => drew(mode, feature),
    });
    use(mode, [next.drawing]);
    drawing = next;
  }
  function drew(mode: 'draw' | 'hole' | 'part', feature: Feature) {
    if (!drawn.get().active) return;
    const geometry = feature.getGeometry();
    const there = source.getFeatures()[0];
    if (mode === 'draw') {
      if (kind.startsWith('Multi') && geometry) feature.setGeometry(asMany(geometry));
      for (const old of source.getFeatures()) if (old !== feature) source.removeFeature(old);
      tell();
      if (kind === 'Box') finish();
      else if (!isPoint()) reshape();
      return;
    }
    const [ring] = pathsOf(geometry);
    const around = there?.getGeometry();
    const whole = ring && around ? withRing(around, ring, mode) : null;
    if (!whole) return drawn.set({ refused: true });
    there?.setGeometry(whole);
    reshape();
  }
  map.on('click', ({ coordinate }) => {
    if (!drawn.get().active || drawn.get().mode !== 'reshape') return;
    const corners = cornersOf(shape()).map((corner) => pixelsBetween(map, corner, coordinate));
    const nearest = corners.indexOf(Math.min(...corners));
    chooseCorner((corners[nearest] ?? Number.POSITIVE_INFINITY) <= nearPixels ? nearest : null);
  });
  function chooseCorner(corner: number | null) {
    drawn.set({ corner });
    markCorner();
  }
  function removeCorner() {
    const { corner } = drawn.get();
    const geometry = shape();
    if (corner === null || !geometry) return;
    const left = withoutCorner(geometry, corner);
    if (!left || isRefused(left)) return drawn.set({ refused: true });
    source.getFeatures()[0]?.setGeometry(left);
    tell();
  }

  const onKey = (event: KeyboardEvent) => {
    const { key, target } = event;
    if (!drawn.get().active) return;
    const isTyping = target instanceof HTMLElement && target.matches('input, textarea, select');
    if (key === 'Delete' && !isTyping) removeCorner();
    else if (key === 'Escape') cancel();
    // Enter on a button presses it.
    else if (key === 'Enter' && !(target instanceof HTMLButtonElement)) finish();
    else return;
    event.stopPropagation();
    event.preventDefault();
  };
  document.addEventListener('keydown', onKey, true);

  function finish() {
    if (drawn.get().active && !drawing?.complete()) end();
  }
  function cancel() {
    if (!drawn.get().active) return;
    drawn.set({ geometry: first, refused: false });
    end();
  }
  function setMode(mode: PenMode) {
    if (!drawn.get().active) return;
    drawn.set({ refused: false });
    if (mode === 'reshape') reshape();
    else if (mode === 'move') move();
    else draw(mode);
  }

  return {
    layer,
    drawn,
    active: () => drawn.get().active,
    finish,
    cancel,
    setMode,
    removeCorner,
    stepCorner(by) {
      const { corner, corners } = drawn.get();
      if (corners > 0) chooseCorner(corner === null ? 0 : (corner + by + corners) % corners);
    },
    showParts(parts) {
      marks.clear();
      for (const [index, part] of parts.entries()) {
        const feature = new Feature(format.readGeometry(part) ?? undefined);
        feature.setStyle(() => partStyle(surroundings(), index));
        marks.addFeature(feature);
      }
    },
    start(next, geometry, near) {
      use('draw', []);
      source.clear();
      kind = next;
      first = geometry;
      drawn.set({ ...idle, geometry, active: true });
      map.getTargetElement()?.classList.add('map-measuring');
      doubleClickZooms(false);
      beside.show(near ?? null);
      if (geometry) source.addFeature(new Feature(format.readGeometry(geometry) ?? undefined));
      if (geometry && !isPoint() && kind !== 'Box') reshape();
      else draw('draw');
    },
  };
}
