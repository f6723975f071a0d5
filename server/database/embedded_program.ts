import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** What the embedded database runs on, for every thread of this process. */
export interface EmbeddedProgram {
  readonly postgres: WebAssembly.Module;
  /** Kept, not passed on: while it lives, V8 gives its machine code to each thread that compiles the same bytes, as PostgreSQL's dlopen does. */
  readonly postgis: WebAssembly.Module;
  /** The files of PostGIS by their path below PostgreSQL's prefix, in memory that the threads share. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Of PostGIS what is used here: without raster, topology and upgrades, which are two thirds of it and would be linked at each opening. */
const used =
  /^(lib\/postgresql\/postgis-3\.so|share\/postgresql\/extension\/postgis(--[\d.]+\.sql|\.control)|share\/proj\/.+)$/;

let loading: Promise<EmbeddedProgram> | undefined;

/**
 * Reads and compiles PostgreSQL and PostGIS once a process: each opening of the embedded database, also after a statement
 * that ran out of time, would otherwise do it again, for three quarters of its time.
 */
export function embeddedProgram(): Promise<EmbeddedProgram> {
  loading ??= load();
  return loading;
}

async function load(): Promise<EmbeddedProgram> {
  const require = createRequire(import.meta.url);
  const postgresFile = join(dirname(require.resolve('@electric-sql/pglite')), 'pglite.wasm');
  const postgisFile = join(dirname(require.resolve('@electric-sql/pglite-postgis')), 'postgis.tar.gz');
  const files = [...unpack(await promisify(gunzip)(await readFile(postgisFile)))].filter(([name]) => used.test(name));
  const library = files.find(([name]) => name.endsWith('.so'));
  if (!library) throw new Error(`${postgisFile} has no library of PostGIS`);
  return {
    postgres: await WebAssembly.compile(await readFile(postgresFile)),
    postgis: await WebAssembly.compile(library[1]),
    files: new Map(files.map(([name, content]) => [name, shared(content)])),
  };
}

const tarBlock = 512;

/** The regular files of a tar archive (POSIX ustar: name at 0, size in octal at 124, type at 156). */
function* unpack(tar: Buffer<ArrayBuffer>): Generator<[name: string, content: Buffer<ArrayBuffer>]> {
  const text = (from: number, length: number) => tar.toString('latin1', from, from + length).replace(/\0.*/s, '');
  for (let at = 0; tar[at]; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const content = at + tarBlock;
    if (/^0?$/.test(text(at + 156, 1))) yield [text(at, 100), tar.subarray(content, content + size)];
    at = content + Math.ceil(size / tarBlock) * tarBlock;
  }
}

function shared(content: Buffer): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(content.length));
  copy.set(content);
  return copy;
}
