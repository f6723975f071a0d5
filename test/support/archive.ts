import { readFile } from 'node:fs/promises';
import type { Source } from 'pmtiles';

/** A file as a source of the PMTiles reader. */
export async function fileSource(path: string): Promise<Source> {
  const bytes = await readFile(path);
  return {
    getKey: () => path,
    getBytes: async (offset, length) => ({ data: Uint8Array.from(bytes.subarray(offset, offset + length)).buffer }),
  };
}
