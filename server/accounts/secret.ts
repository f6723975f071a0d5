import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { makeDataFolder } from '../make_data_folder.ts';

/**
 * What cookies are signed and second factors encrypted with: `AUTH_SECRET`, or one made at the first start and kept
 * beside the database, never in it, so that a copy of the database alone lets nobody in.
 */
export async function authSecret({ AUTH_SECRET, DATA_DIR }: Config): Promise<string> {
  if (AUTH_SECRET !== undefined) return AUTH_SECRET;
  const file = join(DATA_DIR, 'auth_secret');
  makeDataFolder(DATA_DIR);
  const made = randomBytes(32).toString('base64url');
  try {
    await writeFile(file, made, { mode: 0o600, flag: 'wx' }); // only where there is none: two starts at once keep one
    return made;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const kept = (await readFile(file, 'utf8')).trim();
  if (kept.length < 32) throw new Error(`${file} holds no secret: delete it, or set AUTH_SECRET.`);
  return kept;
}
