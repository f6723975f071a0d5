import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliCompress,
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  gzipSync,
  zstdCompress,
  zstdCompressSync,
} from 'node:zlib';
import type { Context } from 'hono';

/** The levels that pay for bytes made per request. */
const zstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const gzipOptions = { level: 1 };

/** Content codings in our order of preference: measured on tiles, zstd is smallest for its time. */
const codings = {
  zstd: (bytes: Uint8Array) => zstdCompressSync(bytes, zstdOptions),
  br: (bytes: Uint8Array) => brotliCompressSync(bytes, brotliOptions),
  gzip: (bytes: Uint8Array) => gzipSync(bytes, gzipOptions),
} as const;
/** The same on another thread. */
const codingsAside = {
  zstd: (bytes: Uint8Array) => promisify(zstdCompress)(bytes, zstdOptions),
  br: (bytes: Uint8Array) => promisify(brotliCompress)(bytes, brotliOptions),
  gzip: (bytes: Uint8Array) => promisify(gzip)(bytes, gzipOptions),
} as const;
export type Coding = keyof typeof codings;

/** Below this a compressed form saves less than its header costs. */
export const worthCompressing = 256;
/** From here on compressing takes milliseconds, in which others would wait. */
const compressedAside = 1 << 17;

/** The best coding an `Accept-Encoding` header allows (RFC 9110, 12.5.3), undefined for none. */
export function chooseCoding(acceptEncoding: string | undefined): Coding | undefined {
  if (!acceptEncoding) return undefined;
  const refused = new Set<string>();
  const allowed = new Set<string>();
  for (const item of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const zero = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    (zero ? refused : allowed).add(name);
  }
  return (Object.keys(codings) as Coding[]).find(
    (coding) => !refused.has(coding) && (allowed.has(coding) || allowed.has('*')),
  );
}

/** Compresses bytes that are there. */
export function compress(bytes: Uint8Array, coding: Coding): Uint8Array {
  return codings[coding](bytes);
}

const streams = {
  zstd: () => createZstdCompress(zstdOptions),
  br: () => createBrotliCompress(brotliOptions),
  gzip: () => createGzip(gzipOptions),
} as const satisfies Record<Coding, () => Transform>;

/** Compresses bytes as they come. */
export function compressing(coding: Coding): Transform {
  return streams[coding]();
}

/** Answers JSON that is made for this request and may be large, in the best coding that the client takes. */
export async function compressedJson(c: Context, json: string, type = 'application/json'): Promise<Response> {
  const bytes = Buffer.from(json);
  c.header('Content-Type', type);
  c.header('Vary', 'Accept-Encoding', { append: true });
  const coding = bytes.length < worthCompressing ? undefined : chooseCoding(c.req.header('Accept-Encoding'));
  if (!coding) return c.body(bytes);
  c.header('Content-Encoding', coding);
  const coded = bytes.length < compressedAside ? compress(bytes, coding) : await codingsAside[coding](bytes);
  return c.body(coded as Uint8Array<ArrayBuffer>); // never shared memory
}
