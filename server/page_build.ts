import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clearUnfinished } from './clear_unfinished.ts';
import { step } from './step.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Where the built page is, relative to the working directory as the static file server wants it. */
export const pageFolder = relative(process.cwd(), fileURLToPath(new URL('../dist/web', import.meta.url))) || '.';
const folder = fileURLToPath(new URL('../dist/web', import.meta.url));
const built = `${folder}/index.html`;
/** What the page is made of: its own folder, and what of the server it takes values from. */
export const pageSources = [
  ...['web', 'vite.config.ts', 'package-lock.json', 'server/registry', 'server/accounts/tables.ts'],
  ...['server/ingest/import/asked_kind.ts', 'server/ingest/import/layer_id.ts'],
];

/** Builds the page when it is missing or older than what it is made of. Throws with the builder's words when that fails. */
export async function buildPage(onProgress: (message: string) => void): Promise<void> {
  await clearUnfinished(dirname(folder), /^web\.(?:old\.)?(\d+)$/);
  const sources = pageSources.map((source) => `${root}/${source}`);
  if (await isNewerThan(built, sources)) return;
  await step(onProgress, 'building the web page', build);
  onProgress('the web page is built');
}

async function build(): Promise<void> {
  // Beside the old page and then into its place: a build that is killed leaves nothing half-written, and two at once do
  // not write into each other.
  const [unfinished, replaced] = [`${folder}.${process.pid}`, `${folder}.old.${process.pid}`];
  try {
    await vite(unfinished);
    await rename(folder, replaced).catch(unlessAbsent);
    await rename(unfinished, folder).catch(unlessThere);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await rm(replaced, { recursive: true, force: true });
  }
}

/** There was no page yet. */
function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Another process was faster: its page is of the same sources. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}

/** In a process of its own: the builder's memory is given back. */
function vite(into: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Whoever asks, a test runner too, gets the page as users have it, not with React as its developers do.
    const env = { ...process.env, NODE_ENV: 'production' };
    const builder = new URL('./page_builder.ts', import.meta.url);
    const child = fork(builder, [into], { cwd: root, env, execArgv: [], silent: true });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`The web page could not be built (vite ended with ${code}):\n${output}`)),
    );
  });
}

/** Whether a file is there and no source changed after it was written, nor came into or left a folder of them. */
export async function isNewerThan(file: string, sources: readonly string[]): Promise<boolean> {
  if (!existsSync(file)) return false;
  const newest = Math.max(...(await Promise.all(sources.map(newestIn))));
  return (await stat(file)).mtimeMs >= newest;
}

async function newestIn(path: string): Promise<number> {
  const entry = await stat(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  const files = await readdir(path);
  const times = await Promise.all(files.map((file) => newestIn(`${path}/${file}`)));
  return Math.max(entry.mtimeMs, ...times);
}
