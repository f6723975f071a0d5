import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Problem } from '../../registry/problem.ts';

/** Longest silence of a client that sends, in milliseconds. */
const silenceMs = 60_000;

/**
 * Writes a request's body to a new file as it comes, hashing it on the way. What was written of a body that does not come
 * to its end is the caller's to remove.
 * @throws Problem `too_large` beyond `most` bytes, `bad_request` when it is empty, ends early or is not sent on.
 */
export async function takeBody(
  request: Request,
  path: string,
  most: number,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const tooLarge = () =>
    new Problem('too_large', `A file has at most ${most.toLocaleString('en')} bytes (IMPORT_MAX_MIB).`);
  const announced = request.headers.get('Content-Length');
  if (announced !== null && Number(announced) > most) throw tooLarge();
  if (!request.body) throw new Problem('bad_request', 'Send the file as the body.');
  const hash = createHash('sha256');
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), silenceMs);
  let bytes = 0;
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      timer.refresh();
      bytes += chunk.length;
      if (bytes > most) return done(tooLarge());
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const body = Readable.fromWeb(request.body as ReadableStream); // the same, by Node's own types
    await pipeline(body, watch, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal: silent.signal });
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('bad_request', `The file did not come to its end (${bytes.toLocaleString('en')} bytes came).`);
  } finally {
    clearTimeout(timer);
  }
  if (bytes === 0) throw new Problem('bad_request', 'Send the file as the body: it was empty.');
  if (announced !== null && Number(announced) !== bytes)
    throw new Problem('bad_request', `The file did not come to its end (${bytes} of ${announced} bytes came).`);
  return { bytes, sha256: hash.digest('hex') };
}
