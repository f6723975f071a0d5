import { inflateRawSync } from 'node:zlib';
import { Problem } from '../../registry/problem.ts';

/** Signatures and sizes of the records of a ZIP file (APPNOTE 6.3, 4.3). */
const endOfDirectory = Buffer.from([0x50, 0x4b, 5, 6]);
const directoryEntry = 0x02014b50;
const localHeaderBytes = 30;
const entryBytes = 46;
/** What a file may grow to: more is an attack, or no map. */
const mostBytes = 1 << 29;

/**
 * The KML inside a KMZ: `doc.kml`, else the first that there is.
 * @throws Problem `invalid_input`: no archive, or none with KML in it.
 */
export function kmlInArchive(archive: Buffer, name: string): Buffer {
  const unusable = (why: string) => new Problem('invalid_input', `Not a feature file: ${name} ${why}.`);
  try {
    const entries = directory(archive).filter((entry) => /\.kml$/i.test(entry.name));
    const chosen = entries.find((entry) => /^doc\.kml$/i.test(entry.name)) ?? entries[0];
    if (!chosen) throw unusable('is an archive without KML');
    const { offset, method, size } = chosen;
    const begin = offset + localHeaderBytes + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
    const packed = archive.subarray(begin, begin + size);
    return method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: mostBytes });
  } catch (error) {
    throw error instanceof Problem ? error : unusable('is a broken archive');
  }
}

interface Entry {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  /** As packed, in bytes. */
  readonly size: number;
  readonly offset: number;
}

function directory(archive: Buffer): Entry[] {
  const end = archive.lastIndexOf(endOfDirectory);
  if (end < 0) return [];
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0 && archive.readUInt32LE(at) === directoryEntry; left--) {
    const nameBytes = archive.readUInt16LE(at + 28);
    entries.push({
      name: archive.toString('utf8', at + entryBytes, at + entryBytes + nameBytes),
      method: archive.readUInt16LE(at + 10),
      size: archive.readUInt32LE(at + 20),
      offset: archive.readUInt32LE(at + 42),
    });
    at += entryBytes + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}
