import { roles } from '../../server/registry/role.ts';
import type { Grant } from '../../server/registry/viewer.ts';

/** Every role there is, in the order it is offered; the public is nobody's role to be given. */
export const roleOrder = roles.filter((role) => role !== 'public');

interface Words {
  /** Names of areas by code, as far as they are known. */
  readonly areas?: ReadonlyMap<string, string>;
  /** What it is called that an outline limits a role. */
  readonly polygon: string;
}

/** Where a role is held: `BPBD, Kaliwates`; empty: everywhere and in no agency. */
export function whereHeld(
  { agency, areas, polygon }: { readonly [K in 'agency' | 'areas' | 'polygon']?: Grant[K] | null },
  words: Words,
): string {
  const named = areas?.map((code) => words.areas?.get(code) ?? code).join('; ');
  return [agency, named, polygon && words.polygon].filter(Boolean).join(', ');
}
