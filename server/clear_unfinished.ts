import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './is_alive.ts';

/**
 * Takes away what killed processes left unfinished in a folder: the entries that match, when the first group of `named`, the
 * id of the process that made them, is of none that lives. Without such a folder there is nothing to do.
 */
export async function clearUnfinished(folder: string, named: RegExp): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = named.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}
