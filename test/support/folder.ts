import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A new folder for a test file's files, removed after its last test. Call it at the top of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pendopo_files_'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
