import { z } from 'zod';
import { invalid } from '../registry/actions/input.ts';
import { polygonOf } from '../registry/grant_area.ts';
import type { Registry } from '../registry/registry.ts';
import { roleIs, roles } from '../registry/role.ts';
import { doors } from './tables.ts';

const text = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'has no control characters');
const instant = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

/** A role to be given, as the page and the command line say it. */
export const grantForm = z
  .strictObject({
    role: z.enum(roles).exclude(['public']),
    agency: text.optional(),
    areas: z
      .array(z.string().regex(/^\d\d(\.\d+){1,3}$/, 'is no Kemendagri code'))
      .min(1)
      .max(100)
      .optional(),
    /** GeoJSON. */
    polygon: z
      .unknown()
      .transform((given, context) => {
        const polygon = polygonOf(given);
        if (typeof polygon !== 'string') return polygon;
        context.addIssue({ code: 'custom', message: polygon });
        return z.NEVER;
      })
      .optional(),
    expires_at: instant.optional(),
  })
  .refine(({ role, agency }) => agency !== undefined || !roleIs(role, 'ofAgency'), {
    path: ['agency'],
    message: 'is needed for this role, which means nothing outside an agency',
  });

/** A person to be invited. */
export const personForm = z.strictObject({
  email: z.email().max(200).toLowerCase(),
  name: text,
  grants: z.array(grantForm).max(20).default([]),
});

/** A key to be made; `role`: what it may see where it may read, and change where it may write. */
export const keyForm = z
  .strictObject({
    name: text,
    agency: text,
    doors: z.array(z.enum(doors)).min(1),
    layers: z.array(z.string().max(60)).min(1).max(100).optional(),
    role: z.enum(roles).optional(),
    expires_at: instant.optional(),
  })
  .superRefine((form, context) => {
    if (!form.doors.includes('write')) return;
    for (const key of ['layers', 'role'] as const)
      if (form[key] === undefined)
        context.addIssue({ code: 'custom', path: [key], message: 'is needed by a key that writes' });
  });

/** Throws `invalid_input` unless the layers that a key is for are there. */
export function demandLayers(registry: Registry, { layers = [] }: z.infer<typeof keyForm>): void {
  const unknown = layers.filter((id) => !registry.layer(id));
  if (unknown.length > 0)
    throw invalid([{ pointer: '#/layers', code: 'unknown', detail: `there is no ${unknown.join(', ')}` }]);
}
