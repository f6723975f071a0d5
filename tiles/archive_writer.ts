import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Compression, TileType, zxyToTileId } from 'pmtiles';
import type { Bbox } from '../server/registry/catalogue.ts';
import type { TileAddress } from './mercator.ts';

/** Header and root directory are read in one request of this size (PMTiles 3, chapter 4). */
const rootRoom = 16384;
const headerSize = 127;

/** A run of tiles with the same content, or a leaf directory (`run` 0): PMTiles 3, 4.1. */
interface Entry {
  readonly id: number;
  readonly offset: number;
  readonly length: number;
  run: number;
}

/** What an archive says of itself. `center` is longitude, latitude, zoom; `metadata` needs `vector_layers` (chapter 5). */
export interface ArchiveDescription {
  readonly bounds: Bbox;
  readonly center: readonly [lon: number, lat: number, zoom: number];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Vector tiles as the bytes of one PMTiles archive, version 3: clustered, gzip throughout, equal tiles stored once and
 * equal neighbours on the Hilbert curve under one entry. Equal tiles give equal bytes. Throws a RangeError without tiles.
 */
export function writeArchive(
  tiles: Iterable<readonly [TileAddress, Uint8Array]>,
  { bounds, center, metadata }: ArchiveDescription,
): Uint8Array {
  const addressed = Array.from(tiles, ([{ z, x, y }, bytes]) => ({ id: zxyToTileId(z, x, y), z, bytes }));
  if (addressed.length === 0) throw new RangeError('an archive needs a tile');
  addressed.sort((a, b) => a.id - b.id);

  const stored = new Map<string, { offset: number; length: number }>();
  const contents: Uint8Array[] = [];
  const entries: Entry[] = [];
  let dataLength = 0;
  for (const { id, bytes } of addressed) {
    const name = hash('sha1', bytes);
    let place = stored.get(name);
    if (!place) {
      const content = gzipSync(bytes, { level: 9 });
      place = { offset: dataLength, length: content.length };
      stored.set(name, place);
      contents.push(content);
      dataLength += content.length;
    }
    const last = entries.at(-1);
    if (last && last.offset === place.offset && last.id + last.run === id) last.run++;
    else entries.push({ id, ...place, run: 1 });
  }

  const { root, leaves } = directories(entries);
  const about = gzipSync(JSON.stringify(metadata), { level: 9 });
  const metadataAt = headerSize + root.length;
  const leavesAt = metadataAt + about.length;
  const dataAt = leavesAt + leaves.length;

  const header = new DataView(new ArrayBuffer(headerSize));
  new Uint8Array(header.buffer).set(Buffer.from('PMTiles\x03', 'latin1'));
  const long = [
    [headerSize, root.length, metadataAt, about.length, leavesAt, leaves.length, dataAt, dataLength],
    [addressed.length, entries.length, contents.length],
  ].flat();
  for (const [i, value] of long.entries()) header.setBigUint64(8 + i * 8, BigInt(value), true);
  const zooms = addressed.map(({ z }) => z);
  const short = [1, Compression.Gzip, Compression.Gzip, TileType.Mvt, zooms[0]!, zooms.at(-1)!];
  for (const [i, value] of short.entries()) header.setUint8(96 + i, value);
  const position = (at: number, degrees: number) => header.setInt32(at, Math.round(degrees * 1e7), true);
  for (const [i, degrees] of bounds.entries()) position(102 + i * 4, degrees);
  header.setUint8(118, center[2]);
  position(119, center[0]);
  position(123, center[1]);
  return Buffer.concat([new Uint8Array(header.buffer), root, about, leaves, ...contents]);
}

/** The root directory, and when it would be too large the leaves it then points to, each compressed. */
function directories(entries: readonly Entry[]): { root: Uint8Array; leaves: Uint8Array } {
  const whole = directory(entries);
  if (headerSize + whole.length <= rootRoom) return { root: whole, leaves: new Uint8Array(0) };
  for (let size = 4096; ; size *= 2) {
    const leaves: Uint8Array[] = [];
    const pointers: Entry[] = [];
    let offset = 0;
    for (let i = 0; i < entries.length; i += size) {
      const leaf = directory(entries.slice(i, i + size));
      pointers.push({ id: entries[i]!.id, offset, length: leaf.length, run: 0 });
      leaves.push(leaf);
      offset += leaf.length;
    }
    const root = directory(pointers);
    if (headerSize + root.length <= rootRoom) return { root, leaves: Buffer.concat(leaves) };
  }
}

/** Columns of varints, ids as differences, an offset of 0 for "right behind the one before" (PMTiles 3, 4.2). */
function directory(entries: readonly Entry[]): Uint8Array {
  const bytes: number[] = [];
  const varint = (value: number) => {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
  };
  varint(entries.length);
  for (const [i, { id }] of entries.entries()) varint(id - (entries[i - 1]?.id ?? 0));
  for (const { run } of entries) varint(run);
  for (const { length } of entries) varint(length);
  for (const [i, { offset }] of entries.entries()) {
    const before = entries[i - 1];
    varint(before && before.offset + before.length === offset ? 0 : offset + 1);
  }
  return gzipSync(new Uint8Array(bytes), { level: 9 });
}
