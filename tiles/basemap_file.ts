import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { clearUnfinished } from '../server/clear_unfinished.ts';
import { makeDataFolder } from '../server/make_data_folder.ts';
import { checkArchive } from './archive_check.ts';
import { basemapEdition } from './basemap_edition.ts';

const underWay = new Map<string, Promise<string>>();

/**
 * The path of the built-in basemap in the folder `dataDir`; drawn first, in a thread of its own, when it is not there, not
 * whole or of another edition. However often it is asked for, it is drawn once. Rejects when it cannot be written.
 */
export function builtinBasemap(dataDir: string, onProgress: (message: string) => void = () => {}): Promise<string> {
  const path = resolve(dataDir, 'basemap.pmtiles');
  let made = underWay.get(path);
  if (!made) {
    made = make(path, resolve(dataDir), onProgress);
    underWay.set(path, made);
    made.catch(() => underWay.delete(path)); // a full disk may have room later
  }
  return made;
}

async function make(path: string, folder: string, onProgress: (message: string) => void): Promise<string> {
  await clearUnfinished(folder, /^basemap\.pmtiles\.(\d+)\..*\.tmp$/);
  if (isCurrent(path)) return path;
  makeDataFolder(folder);
  onProgress('drawing the built-in basemap');
  const worker = new Worker(new URL('./basemap_worker.ts', import.meta.url), { workerData: { path }, execArgv: [] });
  worker.unref(); // a server that ends does not wait for it
  await new Promise<void>((done, failed) => {
    worker.on('error', failed);
    worker.on('exit', (code) => (code === 0 ? done() : failed(new Error(`the basemap's thread ended with ${code}`))));
  });
  return path;
}

function isCurrent(path: string): boolean {
  const archive = checkArchive(path);
  return 'metadata' in archive && archive.metadata.version === basemapEdition;
}
