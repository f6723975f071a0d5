import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What the audit trail keeps of a file: enough to find it again and to prove that it is the same. */
export interface ImportedFile {
  /** As its owner calls it; text, never a path. */
  readonly name: string;
  /** SHA-256 of its bytes, hexadecimal. */
  readonly sha256: string;
}

/** A file on this machine; of a Shapefile that lies open, its `.shp`. */
export async function fileAt(path: string): Promise<ImportedFile> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { name: basename(path), sha256: hash.digest('hex') };
}
