import { z } from 'zod';
import { askedKinds } from '../import/asked_kind.ts';
import { timezone } from '../import/command_line.ts';
import { isLayerId } from '../import/layer_id.ts';

const field = z.string().max(500);

/** How a file is opened. */
export const openForm = z.strictObject({
  /** The layer to read, where the file holds several. */
  file_layer: field.optional(),
  /** The coordinate system, where the file does not say or says it wrong. */
  srs: z
    .string()
    .regex(/^[A-Z]+:\d{1,6}$/i)
    .optional(),
  numbers: z.enum(['id', 'en']).optional(),
});

/** What is done with its rows. */
export const importForm = openForm.extend({
  /** A layer that is there. */
  layer: z.string().max(60).optional(),
  /** Or a new one. */
  new_layer: z
    .strictObject({
      id: z.string().max(60).refine(isLayerId, 'not a name like street_tree'),
      title: z.string().trim().min(1).max(100),
      /** In English, where it is another. */
      title_en: z.string().trim().min(1).max(100).optional(),
      /** Field → what its attribute is to be, over what its values say. */
      kinds: z.record(field, z.enum(askedKinds)).optional(),
    })
    .optional(),
  /** Attribute → field; null leaves the attribute alone. What is not named is guessed. */
  map: z.record(z.string().max(60), field.nullable()).default({}),
  /** The key field; null for none; absent: guessed. */
  code: field.nullable().optional(),
  dates: z.enum(['dmy', 'mdy']).optional(),
  timezone: z
    .string()
    .max(60)
    .default('Asia/Jakarta')
    .refine((name) => isZone(name), 'not a zone like Asia/Jakarta'),
  /** Take features without a geometry as not yet placed. */
  unlocated: z.boolean().default(false),
  /** Also outside the region; admins only. */
  anywhere: z.boolean().default(false),
});

export type OpenForm = z.infer<typeof openForm>;
export type ImportForm = z.infer<typeof importForm>;

function isZone(name: string): boolean {
  try {
    return timezone(name) === name;
  } catch {
    return false;
  }
}
