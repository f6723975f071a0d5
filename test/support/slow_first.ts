import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What a file does that takes long, however short it is. */
const slow = /\b(startChild|serverProcess|privatePostgres|seed)\(/;

/** Files that start processes or fill a regency come first in their project, so that none is left over when all others are done; then as vitest has them, by how long they took or how large they are. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = new Map(sorted.map((file) => [file, slow.test(readFileSync(file.moduleId, 'utf8')) ? 0 : 1]));
    const projects = [...new Set(sorted.map(({ project }) => project))];
    return sorted.toSorted(
      (a, b) => projects.indexOf(a.project) - projects.indexOf(b.project) || rank.get(a)! - rank.get(b)!,
    );
  }
}
