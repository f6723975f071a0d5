import { roles } from '../../server/registry/role.ts';
import type { Grant } from '../../server/registry/viewer.ts';

/** Every role there is, in the order it is offered; the public is nobody's role to be given. */
export const roleOrder = roles.filter((role) => role !== 'public');

/** Where a role is held: `BPBD, 35.09.19`; empty: everywhere and in no agency. */
export function whereHeld({ agency, areas }: { readonly [K in 'agency' | 'areas']?: Grant[K] | null }): string {
  return [agency, areas?.join(' ')].filter(Boolean).join(', ');
}
