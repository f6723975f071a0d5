import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { actOf, ownChanges } from '../../server/accounts/own_change.ts';
import { actTitle } from '../../server/audit/titles.ts';
import { standardActions } from '../../server/registry/actions/may.ts';
import { layerFiles } from '../../server/registry/registry.ts';

const server = new URL('../../server/', import.meta.url);

/** Names of acts that the server's own files write down: `action: 'edit'`, `action: locked ? 'lock' : 'unlock'`. */
async function namedActs(): Promise<ReadonlySet<string>> {
  const files = (await readdir(server, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('layers/'),
  );
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, server), 'utf8')));
  const named = texts.flatMap((text) => [...text.matchAll(/\baction: (?:[\w.]+ \? )?'([a-z_]+)'(?: : '([a-z_]+)')?/g)]);
  return new Set(named.flatMap(([, one, other]) => [one, other]).filter((name) => name !== undefined));
}

test('every act that is written down has a name in both languages', async () => {
  const named = await namedActs();
  // Each way of writing it is found.
  for (const act of ['make_link', 'lock_account', 'unlock_account', 'reject_second_person', 'sign_in_failed', 'read'])
    expect(named).toContain(act);
  for (const act of [...named, 'locked_out', ...[...ownChanges].map(actOf), ...standardActions]) {
    const title = actTitle(undefined, act);
    expect(title?.id, act).toBeTruthy();
    expect(title?.en, act).toBeTruthy();
  }
  for (const layer of await layerFiles())
    for (const act of Object.keys(layer.actions ?? {})) expect(actTitle(layer, act)?.id, act).toBeTruthy();
});
