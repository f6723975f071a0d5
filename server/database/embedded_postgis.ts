import type { Extension } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';
import type { EmbeddedProgram } from './embedded_program.ts';

/** The part of Emscripten's file system that is used here. */
interface EmscriptenFiles {
  readonly WASM_PREFIX: string;
  readonly FS: {
    mkdirTree(path: string): void;
    writeFile(path: string, content: Uint8Array, options: { canOwn: boolean }): void;
  };
}

/** The package's extension with files that were read before, instead of its archive: `embedded_program.ts` says which. */
export function embeddedPostgis(files: EmbeddedProgram['files']): Extension {
  return {
    ...postgis,
    async setup(pg, options) {
      const { emscriptenOpts } = await postgis.setup(pg, options);
      const addFiles = ({ FS, WASM_PREFIX }: EmscriptenFiles): void => {
        for (const [name, content] of files) {
          const path = `${WASM_PREFIX}/${name}`;
          FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
          // Shared by all threads, not copied: nothing in PostgreSQL writes them.
          FS.writeFile(path, content, { canOwn: true });
        }
      };
      return { emscriptenOpts: { ...emscriptenOpts, preRun: [...[emscriptenOpts.preRun ?? []].flat(), addFiles] } };
    },
  };
}
