import { hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { matchesEtag } from '../server/etag.ts';
import { Problem } from '../server/registry/problem.ts';

/** Whole in memory up to this length; a directory or a tile is far below it. */
const maxBuffered = 1 << 20;
/** A file up to this size is named by all its bytes. */
const maxHashed = 16 << 20;

/** Part of a file, both ends inclusive. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Answers `GET` and `HEAD` for an archive: whole or the one range asked for (RFC 9110, 14), conditional on its strong
 * ETag, never compressed, because a reader counts in bytes of the file. Throws `not_found` when the file is not there.
 */
export async function serveArchive(c: Context, path: string): Promise<Response> {
  const file = await open(path).catch(() => {
    throw new Problem('not_found', 'This archive is not there.');
  });
  let streaming = false;
  try {
    const { size, mtimeMs } = await file.stat();
    const etag = await etagOf(file, path, size, mtimeMs);
    const headers = {
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'public, max-age=3600, no-transform',
      ETag: etag,
    };
    if (matchesEtag(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers);
    const ifRange = c.req.header('If-Range');
    const wanted =
      ifRange === undefined || ifRange.trim() === etag ? parseRange(c.req.header('Range'), size) : undefined;
    if (wanted === 'outside') {
      const problem = new Problem(
        'range_not_satisfiable',
        `The archive has ${size} bytes; none of them was asked for.`,
      );
      return c.json(problem, problem.status, {
        ...headers,
        'Content-Type': 'application/problem+json',
        'Content-Range': `bytes */${size}`,
      });
    }
    const { from, to } = wanted ?? { from: 0, to: size - 1 };
    const length = to - from + 1;
    const answer = {
      ...headers,
      'Content-Type': 'application/vnd.pmtiles',
      'Content-Length': String(length),
      ...(wanted && { 'Content-Range': `bytes ${from}-${to}/${size}` }),
    };
    const status = wanted ? 206 : 200;
    if (c.req.method === 'HEAD' || length === 0) return c.body(null, status, answer);
    if (length <= maxBuffered) return c.body(await bytesOf(file, from, length), status, answer);
    streaming = true;
    const stream = Readable.toWeb(file.createReadStream({ start: from, end: to })); // closes the file
    return c.body(stream as ReadableStream, status, answer); // Node's own type of the same object
  } finally {
    if (!streaming) await file.close();
  }
}

/**
 * The range a `Range` header asks for: undefined when it asks for none that is understood (several ranges, other units,
 * wrong syntax: the whole is the answer then), `outside` when it begins behind the end.
 */
function parseRange(header: string | undefined, size: number): Range | 'outside' | undefined {
  // Blanks are taken in one place each: two places side by side would take time quadratic in their number.
  const range = /^bytes\s*=\s*(?:(\d+)\s*)?-\s*(\d*)$/i;
  const [, first = '', last = ''] = range.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'outside' : { from: size - length, to: size - 1 };
  }
  const from = Number(first);
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < from) return undefined;
  return from >= size ? 'outside' : { from, to };
}

async function bytesOf(file: FileHandle, from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, from + read);
    if (bytesRead === 0) throw new Error('the archive became shorter while it was read');
    read += bytesRead;
  }
  return bytes;
}

const etags = new Map<string, { readonly size: number; readonly mtimeMs: number; readonly etag: string }>();

/**
 * Strong, and for the built-in archive the same on every process and after every restart. A file of gigabytes is not read
 * for its name: its header, root directory, size and time stand for it.
 */
async function etagOf(file: FileHandle, path: string, size: number, mtimeMs: number): Promise<string> {
  const known = etags.get(path);
  if (known && known.size === size && known.mtimeMs === mtimeMs) return known.etag;
  const content = hash('sha1', await bytesOf(file, 0, Math.min(size, size <= maxHashed ? size : 16384)), 'base64url');
  const etag = size <= maxHashed ? `"${content}"` : `"${content}-${size}-${Math.round(mtimeMs)}"`;
  etags.set(path, { size, mtimeMs, etag });
  return etag;
}
