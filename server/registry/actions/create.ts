import { record } from '../../audit/record.ts';
import type { Role } from '../role.ts';
import type { Viewer } from '../viewer.ts';
import { type Acting, type Done, entryOf } from './acting.ts';
import type { Values } from './action.ts';
import { told } from './before_after.ts';
import { editInput } from './edit_input.ts';
import { demand, demandPerson, forbidden, mayAny, rolesFor } from './may.ts';
import { insertRow } from './row.ts';

/** Adds a feature; one that is made by an agency's people belongs to it unless they say otherwise. */
export async function create(acting: Acting): Promise<Done> {
  const { origin, trx, view, wish } = acting;
  const { layer } = view;
  const roles = rolesFor(layer, 'create');
  demandPerson(origin.viewer);
  if (!mayAny(origin.viewer, roles)) throw forbidden();
  const { values: given, geometry = null } = await editInput(acting);
  const values: Values = { agency: ownAgency(origin.viewer, roles), ...given };
  const text = (key: string) => (values[key] ?? null) as string | null; // text columns
  demand(origin.viewer, roles, { agency: text('agency'), area_code: text('area_code'), geometry });
  const { id, version } = await insertRow(trx, layer, { values, geometry });
  const said = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  const after = { ...told(layer, said), ...(geometry !== null && { geometry: JSON.parse(geometry) }) };
  const audit = await record(trx, origin, { ...entryOf(wish), feature: id, version, before: {}, after });
  return { layer: layer.id, id, version, audit, changed: Object.keys(after) };
}

/** The one agency in which somebody may make features; null where it is none or several. */
export function ownAgency({ grants }: Viewer, roles: readonly Role[]): string | null {
  const agencies = new Set(grants.filter(({ role }) => roles.includes(role)).map(({ agency }) => agency ?? null));
  const [only = null, ...more] = agencies;
  return more.length > 0 ? null : only;
}
