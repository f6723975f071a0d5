import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isAlive } from '../is_alive.ts';

/**
 * Takes a folder for this process alone; the lock falls with the process, however that ends.
 * The embedded database needs it: two processes on one folder both open it, and one silently loses what it wrote.
 * @returns a function that gives the folder back
 * @throws Error that names the folder and the way out, when a living process has it
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const real = realpathSync(directory);
  // An abstract socket (only Linux has them) leaves nothing behind when its owner is killed.
  const taken = process.platform === 'linux' ? await lockBySocket(real) : lockByFile(real);
  if (taken) return taken;
  throw new Error(
    `${real} is in use by another process: its embedded database can only be open once. ` +
      'Stop that process, give this one another folder (DATA_DIR), or set DATABASE_URL to a PostgreSQL server that both can use.',
  );
}

async function lockBySocket(directory: string): Promise<(() => Promise<void>) | undefined> {
  const server = createServer((socket) => socket.destroy());
  const name = `\0pendopo-${createHash('sha256').update(directory).digest('hex')}`;
  try {
    await new Promise<void>((done, fail) => server.once('error', fail).listen(name, done));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
  server.unref();
  return () => new Promise((done) => server.close(() => done()));
}

/** A file with the owner's process id; one whose owner is dead counts for nothing. */
function lockByFile(directory: string): (() => Promise<void>) | undefined {
  const file = join(directory, 'lock');
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return async () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    if (isAlive(Number(readFileSync(file, 'utf8')))) return undefined;
    rmSync(file, { force: true });
  }
}
