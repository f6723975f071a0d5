import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { Problem } from '../../registry/problem.ts';

interface ArchiveLimits {
  /** The most that all entries may unpack to, in bytes. */
  readonly bytes: number;
  readonly entries: number;
}

/** A file in an archive, as its directory tells. */
interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly at: number;
}

const endBytes = 22;
const longestComment = 65_535;
const signatures = { entry: 0x02014b50, local: 0x04034b50, end: 0x06054b50 };

/** Whether a file begins as a ZIP archive does: Shapefiles, KMZ, XLSX, GTFS. */
export async function isArchive(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer[0] === 0x50 && buffer[1] === 0x4b;
  } finally {
    await file.close();
  }
}

/**
 * Looks an archive through before anybody unpacks it: names that lead out of a folder, too many entries, and, by unpacking
 * into nothing, more bytes than are taken; what its directory says of sizes is not believed.
 * @throws Problem `invalid_input`, `too_large`; the reason of `signal`.
 */
export async function checkArchive(path: string, limits: ArchiveLimits, signal: AbortSignal): Promise<void> {
  const file = await open(path);
  try {
    const entries = await readDirectory(file, limits.entries);
    for (const { name } of entries) demandName(name);
    let left = limits.bytes;
    for (const entry of entries) left -= await unpackedBytes(file, path, entry, left, signal);
  } finally {
    await file.close();
  }
}

function broken(why: string): Problem {
  return new Problem('invalid_input', `The archive cannot be read: ${why}.`);
}

/** Names as APPNOTE 6.3.3 §4.4.17 wants them: relative, with forward slashes. */
function demandName(name: string): void {
  const isOutside = name.startsWith('/') || /^[a-z]:/i.test(name) || name.includes('\\') || name.includes('\0');
  if (isOutside || name.split('/').includes('..'))
    throw new Problem('invalid_input', `The archive holds a name that leads out of it: ${name.slice(0, 80)}`);
}

/** The central directory (APPNOTE 6.3.3 §4.3.12). Archives beyond 4 GB (ZIP64) are larger than any upload. */
async function readDirectory(file: FileHandle, most: number): Promise<Entry[]> {
  const { size } = await file.stat();
  const tail = await read(
    file,
    Math.max(0, size - endBytes - longestComment),
    Math.min(size, endBytes + longestComment),
  );
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + endBytes > tail.length) throw broken('its end is missing');
  const count = tail.readUInt16LE(end + 10);
  if (count > most) throw new Problem('too_large', `The archive holds ${count} files; ${most} are taken.`);
  const bytes = tail.readUInt32LE(end + 12);
  if (bytes > size) throw broken('its directory lies outside of it');
  const directory = await read(file, tail.readUInt32LE(end + 16), bytes);
  const entries: Entry[] = [];
  for (let at = 0; at + 46 <= directory.length; ) {
    if (directory.readUInt32LE(at) !== signatures.entry) throw broken('its directory is damaged');
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      at: directory.readUInt32LE(at + 42),
    });
    if (entries.length > most) throw new Problem('too_large', `The archive holds more than ${most} files.`);
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead < length) throw broken('it ends in the middle');
  return buffer;
}

async function unpackedBytes(
  file: FileHandle,
  path: string,
  { method, packed, at, name }: Entry,
  most: number,
  signal: AbortSignal,
): Promise<number> {
  const local = await read(file, at, 30);
  if (local.readUInt32LE(0) !== signatures.local) throw broken(`${name.slice(0, 80)} is not where it should be`);
  if (packed === 0) return 0;
  const start = at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (method !== 0 && method !== 8) throw broken(`${name.slice(0, 80)} is packed in a way that is not known here`);
  let bytes = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > most ? new Problem('too_large', 'The archive unpacks to more than is taken.') : null);
    },
  });
  const raw = createReadStream(path, { start, end: start + packed - 1 });
  try {
    await (method === 0 ? pipeline(raw, count, { signal }) : pipeline(raw, createInflateRaw(), count, { signal }));
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof Problem ? error : broken(`${name.slice(0, 80)} is damaged`);
  }
  return bytes;
}
