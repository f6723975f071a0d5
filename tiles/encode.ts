import type { LiveLayer } from '../server/live/live_layer.ts';
import type { Matches } from '../server/live/matcher.ts';
import type { PointPlaces } from '../server/live/point_places.ts';
import type { ShapePlaces } from '../server/live/shape_places.ts';
import type { View } from '../server/registry/view.ts';
import type { ClusterCell } from './cluster_cell.ts';
import { clusterFields } from './cluster_fields.ts';
import { cutShape, extent, tileBox } from './cut.ts';
import type { LayerWriter } from './layer_writer.ts';
import { maxZoom, type TileAddress } from './mercator.ts';
import { countCells, worstOf } from './pyramid.ts';

const clusterKeys = Object.keys(clusterFields);

/**
 * One view in one tile as the bytes of an MVT layer (to be put behind those of other layers); empty when nothing is there.
 * Points: those whose tile this is, as themselves from the layer's full zoom, in clusters or not at all below it.
 * Lines and polygons reach 64 units over the edge.
 */
export function encodeTile(
  live: LiveLayer,
  view: View,
  tile: TileAddress,
  matches: Matches | undefined,
  writer: LayerWriter,
): Uint8Array {
  const { layer, places } = live;
  const low = tile.z < layer.fullZoom;
  writer.begin(layer.id, low && layer.below === 'cluster' ? [...view.tile, ...clusterKeys] : view.tile);
  if (low && layer.below === 'hide') return writer.end();
  const put = attributeWriter(live, view, writer);
  if (places.kind === 'shapes') encodeShapes(places, tile, matches, writer, put);
  else if (low && places.pyramid) {
    const cells = matches ? matching(places, tile, matches) : places.pyramid.cells(tile.z, tile.x, tile.y);
    encodeClusters(places, cells, view, tile, writer, put);
  } else encodePoints(places, tile, matches, writer, put);
  return writer.end();
}

type Put = (slot: number) => void;

/** Starts a feature and writes its attributes, with the columns resolved once for the tile. */
function attributeWriter(live: LiveLayer, view: View, writer: LayerWriter): Put {
  const puts = view.tile.map((name, key): Put => {
    const column = live.columns.get(name);
    if (column.kind === 'text') {
      const { ids } = column;
      return (slot) => writer.text(key, ids[slot]!);
    }
    const { values } = column;
    if (column.kind === 'boolean')
      return (slot) => {
        if (!Number.isNaN(values[slot]!)) writer.boolean(key, values[slot] === 1);
      };
    if (column.kind === 'instant') return (slot) => writer.number(key, Math.floor(values[slot]! / 1000));
    return (slot) => writer.number(key, values[slot]!);
  });
  return (slot) => {
    writer.feature(live.id(slot));
    for (const put of puts) put(slot);
  };
}

function encodePoints(
  places: PointPlaces,
  tile: TileAddress,
  matches: Matches | undefined,
  writer: LayerWriter,
  put: Put,
) {
  const toTile = pointInTile(places, tile);
  places.in(tile, (slot) => {
    if (matches && !matches(slot)) return;
    put(slot);
    writer.point(...toTile(slot));
  });
}

/** Whole tile units of a row's point: a world coordinate's bits below those of the tile's address. */
function pointInTile({ columns }: PointPlaces, { z }: TileAddress): (slot: number) => [x: number, y: number] {
  const shift = maxZoom - z;
  const { x, y } = columns;
  return (slot) => [(x(slot) >>> shift) & (extent - 1), (y(slot) >>> shift) & (extent - 1)];
}

function encodeClusters(
  places: PointPlaces,
  cells: readonly ClusterCell[],
  view: View,
  tile: TileAddress,
  writer: LayerWriter,
  put: Put,
) {
  const toTile = pointInTile(places, tile);
  const first = view.tile.length;
  const { staleAfterBy } = view.layer;
  const showAge = view.tile.includes('observed_at') && (!staleAfterBy || view.tile.includes(staleAfterBy.attribute));
  for (const cell of cells) {
    if (cell.count === 1) {
      put(cell.sumSlot);
      writer.point(...toTile(cell.sumSlot));
      continue;
    }
    writer.feature(-1);
    writer.boolean(first, true);
    writer.number(first + 1, cell.count);
    if (view.showsState) {
      writer.word(first + 2, worstOf(cell));
      for (const [rank, count] of cell.bySeverity.entries()) if (count > 0) writer.number(first + 5 + rank, count);
    }
    if (showAge && cell.expires !== Number.POSITIVE_INFINITY) {
      writer.number(first + 3, Math.floor(cell.oldest / 1000));
      writer.number(first + 4, Math.floor(cell.expires / 1000));
    }
    const shift = maxZoom - tile.z;
    const mask = extent - 1;
    const x = cell.originX + Math.floor(cell.sumX / cell.count);
    const y = cell.originY + Math.floor(cell.sumY / cell.count);
    writer.point((x >>> shift) & mask, (y >>> shift) & mask);
  }
}

function matching(places: PointPlaces, tile: TileAddress, matches: Matches): ClusterCell[] {
  const slots: number[] = [];
  places.in(tile, (slot) => {
    if (matches(slot)) slots.push(slot);
  });
  return countCells(tile.z, slots, places.columns);
}

function encodeShapes(
  places: ShapePlaces,
  tile: TileAddress,
  matches: Matches | undefined,
  writer: LayerWriter,
  put: Put,
) {
  for (const { slot, shape } of places.in(tileBox(tile))) {
    if (matches && !matches(slot)) continue;
    const parts = cutShape(shape, tile);
    if (parts.length === 0) continue;
    put(slot);
    writer.parts(shape.type, parts);
  }
}
