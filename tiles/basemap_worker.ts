import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { workerData } from 'node:worker_threads';
import { buildBasemap } from './basemap.ts';

/** The thread that draws the built-in basemap; the file gets its name when it is whole and on the disk. */
const path: string = workerData.path;
const unfinished = `${path}.${process.pid}.${randomUUID()}.tmp`;
try {
  const file = await open(unfinished, 'wx');
  try {
    await file.writeFile(buildBasemap());
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
} finally {
  await rm(unfinished, { force: true });
}
