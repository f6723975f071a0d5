import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { bytesToHeader, Compression, type Header, TileType } from 'pmtiles';

const headerSize = 127;
/** Metadata are a page of text; more than this is not worth reading. */
const maxMetadata = 1 << 20;

/** A PMTiles archive that a browser can draw. */
export interface Archive {
  readonly kind: 'pmtiles-vector' | 'pmtiles-raster';
  /** As the archive says, without a promise of what is in it; empty when it says nothing readable. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Why there is no archive that a browser can draw, as the end of a sentence: `is empty`. */
export interface ArchiveFault {
  readonly fault: string;
  /** Of the file system: `ENOENT`. */
  readonly code?: string;
}

const kinds: Readonly<Record<number, Archive['kind']>> = {
  [TileType.Mvt]: 'pmtiles-vector',
  [TileType.Png]: 'pmtiles-raster',
  [TileType.Jpeg]: 'pmtiles-raster',
  [TileType.Webp]: 'pmtiles-raster',
  [TileType.Avif]: 'pmtiles-raster',
};

/** Browsers unpack these; brotli and zstd they do not. */
const readable: readonly Compression[] = [Compression.Unknown, Compression.None, Compression.Gzip];

/** Looks at a file: its header, its metadata, and whether it is as long as the header says. Never throws. */
export function checkArchive(path: string): Archive | ArchiveFault {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { fault: `cannot be opened (${code})`, code };
  }
  try {
    const { size } = fstatSync(file);
    const read = (at: number, length: number) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, at));
    };
    const checked = checkHeader(read(0, headerSize));
    if ('fault' in checked) return checked;
    const { header, kind } = checked;
    const end = header.tileDataOffset + (header.tileDataLength ?? 0);
    if (size < end) return { fault: `ends early: it has ${size} of ${end} bytes` };
    return { kind, metadata: metadataIn(header, read) };
  } catch (error) {
    return { fault: `cannot be read (${error instanceof Error ? error.message : error})` };
  } finally {
    closeSync(file);
  }
}

/** Looks at the first 127 bytes of an archive (PMTiles 3, chapter 3). */
export function checkHeader(bytes: Uint8Array): { header: Header; kind: Archive['kind'] } | ArchiveFault {
  if (bytes.length === 0) return { fault: 'is empty' };
  if (Buffer.from(bytes.subarray(0, 7)).toString('latin1') !== 'PMTiles') return { fault: 'is not a PMTiles archive' };
  if (bytes[7] !== 3) return { fault: `is PMTiles of the unsupported version ${bytes[7]}: version 3 is needed` };
  if (bytes.length < headerSize)
    return { fault: `ends early: it has ${bytes.length} of ${headerSize} bytes of a header` };
  const header = bytesToHeader(Uint8Array.from(bytes).buffer);
  const kind = kinds[header.tileType];
  if (!kind)
    return { fault: `has tiles of the unsupported type ${header.tileType} (MVT, PNG, JPEG, WebP or AVIF is needed)` };
  if (!header.tileDataLength) return { fault: 'has no tiles' };
  for (const compression of [header.internalCompression, header.tileCompression])
    if (!readable.includes(compression))
      return { fault: `is compressed with ${Compression[compression]}: gzip or none is needed` };
  return { header, kind };
}

function metadataIn(header: Header, read: (at: number, length: number) => Uint8Array): Archive['metadata'] {
  const { jsonMetadataOffset: at, jsonMetadataLength: length, internalCompression } = header;
  if (length === 0 || length > maxMetadata) return {};
  try {
    const stored = read(at, length);
    const bytes =
      internalCompression === Compression.Gzip ? gunzipSync(stored, { maxOutputLength: maxMetadata }) : stored;
    const metadata: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof metadata === 'object' && metadata !== null ? { ...metadata } : {};
  } catch {
    return {}; // what the tiles show does not depend on it
  }
}
