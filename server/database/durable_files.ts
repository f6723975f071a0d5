import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The part of Emscripten's node file system that is changed here (PGlite 0.5.8; `embedded.embedded.test.ts` fails when it moves). */
interface EmscriptenFiles {
  FS: {
    filesystems: { NODEFS: { stream_ops: { fsync?: (stream: Stream) => number }; realPath(node: unknown): string } };
  };
}
interface Stream {
  /** Absent for a folder. */
  nfd?: number;
  node: unknown;
}

/** PGlite's files in a folder, with the fsync that Emscripten leaves out: without it a power cut loses acknowledged work. */
export class DurableFiles extends NodeFS {
  /** Times the database asked for its writes to be on disk. */
  syncs = 0;

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...args);
    const addFsync = ({ FS }: EmscriptenFiles): void => {
      const files = FS.filesystems.NODEFS;
      files.stream_ops.fsync = (stream) => {
        this.syncs++;
        if (stream.nfd !== undefined) fdatasyncSync(stream.nfd);
        else syncFolder(files.realPath(stream.node));
        return 0;
      };
    };
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    return {
      emscriptenOpts: { ...emscriptenOpts, preRun: [...preRun, addFsync] as NonNullable<PGliteModule['preRun']> },
    };
  }
}
type PGliteModule = Awaited<ReturnType<NodeFS['init']>>['emscriptenOpts'];

/** Makes a folder's entries (a rename in it) survive a power cut. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** Start parameters of PostgreSQL; `wal_sync_method=fsync` because Emscripten calls nothing for the default, fdatasync. */
export const startParams: NonNullable<PGliteOptions['startParams']> = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['fsync=on', 'wal_sync_method=fsync', 'max_wal_size=256MB', 'shared_buffers=64MB', 'timezone=UTC'].flatMap(
    (setting) => ['-c', setting],
  ),
];
