import { getCenter } from 'ol/extent.js';
import Feature from 'ol/Feature.js';
import type Geometry from 'ol/geom/Geometry.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import { toGeometry } from 'ol/render/Feature.js';
import VectorSource from 'ol/source/Vector.js';
import Circle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { PageState, Store } from '../state.ts';
import { coveredGround, type Properties } from './covered_ground.ts';
import { fetchItem } from './fetch_item.ts';
import { withOpacity } from './palette.ts';
import { symbolForm } from './point_style.ts';
import type { Surroundings } from './surroundings.ts';
import { isPoint, type TileLayer } from './tile_layer.ts';
import { zIndexOf } from './z_index.ts';
import { zoomAt } from './zoom.ts';

function groundStyle(ground: Geometry, color: string): Style {
  return new Style({
    geometry: ground,
    fill: new Fill({ color: withOpacity(color, 0.14) }),
    stroke: new Stroke({ color: withOpacity(color, 0.7), width: 1 }),
  });
}

/** Marks the selected feature with an accent outline and a soft halo, on a layer of its own that follows the state. */
export function selection(
  state: Store<PageState>,
  layerOf: (id: string) => TileLayer | undefined,
  movedTo: (layer: string, id: number) => readonly [x: number, y: number] | undefined,
  surroundings: () => Surroundings,
): {
  readonly layer: VectorLayer;
  readonly update: () => void;
  /** The selected feature has changed: it is read again. */
  readonly changed: () => void;
  /** Where the selected feature is (EPSG:3857), as far as it is known. */
  readonly place: (layer: string, id: number) => readonly [x: number, y: number] | undefined;
} {
  const source = new VectorSource();
  let properties: Properties = {};
  let shown = '';
  let request = new AbortController();

  const layer = new VectorLayer({
    source,
    zIndex: zIndexOf('mark'),
    updateWhileAnimating: true,
    updateWhileInteracting: true,
    style: (feature, resolution) => {
      const { sheet, scale } = surroundings();
      const accent = sheet.palette.accent;
      const of = layerOf(state.get().selected?.layer ?? '')?.layer;
      if (feature.getGeometry()?.getType().endsWith('Point')) {
        const ground = coveredGround(
          getCenter(feature.getGeometry()?.getExtent() ?? [0, 0, 0, 0]),
          of?.coverage,
          properties,
        );
        const radius = (of ? symbolForm(of, zoomAt(resolution), scale).size : 24) / 2 + 2.5;
        return [
          ...(ground ? [groundStyle(ground, accent)] : []),
          new Style({
            image: new Circle({
              radius: radius + 3,
              stroke: new Stroke({ color: withOpacity(accent, 0.28), width: 6 }),
            }),
          }),
          new Style({ image: new Circle({ radius, stroke: new Stroke({ color: accent, width: 3 }) }) }),
        ];
      }
      return [
        new Style({
          stroke: new Stroke({ color: withOpacity(accent, 0.28), width: 10 }),
          fill: new Fill({ color: withOpacity(accent, 0.08) }),
        }),
        new Style({ stroke: new Stroke({ color: accent, width: 3 }) }),
      ];
    },
  });

  function show(geometry: Geometry | null) {
    const [feature] = source.getFeatures();
    if (feature && geometry) feature.setGeometry(geometry);
    else {
      source.clear();
      if (geometry) source.addFeature(new Feature(geometry));
    }
  }

  /** A point as the tiles on the screen have it; lines and polygons are cut at tile edges, so never those. */
  function fromTiles(of: TileLayer, id: number): Geometry | null {
    if (!isPoint(of.layer)) return null;
    const moved = movedTo(of.layer.id, id);
    if (moved) return new Point([...moved]);
    const view = of.drawn.getMapInternal()?.getView();
    const found =
      view && of.tiles.features(view.getZoom() ?? 0, view.calculateExtent()).find((feature) => feature.getId() === id);
    return found ? toGeometry(found) : null;
  }

  function update() {
    const { selected } = state.get();
    const key = selected ? `${selected.layer}/${selected.id}` : '';
    const of = selected && layerOf(selected.layer);
    const fresh = key !== shown;
    if (fresh) {
      request.abort();
      source.clear();
      properties = {};
    }
    // Before the catalogue is there the selection of the address has to wait.
    if (!selected || !of) {
      shown = '';
      return;
    }
    const nearby = fromTiles(of, selected.id);
    if (nearby) show(nearby);
    if (!fresh) return;
    shown = key;
    read(of, selected.id);
  }

  function read(of: TileLayer, id: number) {
    const key = shown;
    request.abort();
    request = new AbortController();
    fetchItem(of.layer.links.items, id, request.signal).then(
      (item) => {
        if (!item || shown !== key) return;
        properties = item.properties;
        if (source.isEmpty() || !isPoint(of.layer)) show(item.geometry);
        else layer.changed();
      },
      () => {
        // Aborted or no connection: the inspector says so; the mark from the tile stays.
      },
    );
  }
  state.subscribe(update);

  let rest: ReturnType<typeof setTimeout> | undefined;
  return {
    layer,
    update,
    changed() {
      update();
      // A point comes with the next tile, or has moved already; a shape is read whole, and so is where a camera looks.
      if (rest !== undefined) return;
      rest = setTimeout(() => {
        rest = undefined;
        const { selected } = state.get();
        const of = selected && layerOf(selected.layer);
        if (selected && of && !movedTo(selected.layer, selected.id)) read(of, selected.id);
      }, 500);
    },
    place(of, id) {
      const moved = movedTo(of, id);
      if (moved || shown !== `${of}/${id}`) return moved;
      const [x, y] = getCenter(source.getFeatures()[0]?.getGeometry()?.getExtent() ?? []);
      return x !== undefined && y !== undefined && Number.isFinite(x + y) ? [x, y] : undefined;
    },
  };
}
