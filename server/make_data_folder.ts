import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes the folder of the server's own files, with those above it.
 * @throws Error that names it and `DATA_DIR` where there can be none
 */
export function makeDataFolder(folder: string): void {
  const path = resolve(folder);
  try {
    make(path);
    accessSync(path, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Error(`DATA_DIR ${path} is no folder to write in: ${reason}. Choose another DATA_DIR.`);
  }
}

/** Not by `recursive`: in a folder that takes no entries, such as /proc, Node 24 tries it for ever. */
function make(path: string): void {
  if (!existsSync(path)) {
    make(dirname(path));
    try {
      mkdirSync(path);
    } catch (error) {
      if (!existsSync(path)) throw error; // else another process was faster
    }
  }
  if (!statSync(path).isDirectory()) throw new Error(`${path} is a file`);
}
