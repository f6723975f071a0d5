import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import { type Attribute, fromDescription } from './attribute.ts';
import { attributesOf, type Layer } from './layer.ts';

/**
 * A layer as plain data, as it is stored. jsonb does not keep the order of an object's members, and the order of
 * attributes and choices is part of a layer: both are lists of pairs.
 */
type Definition = Omit<Layer, 'attributes' | 'actions'> & {
  readonly attributes: readonly (readonly [string, StoredAttribute])[];
};
type StoredChoice = Extract<Attribute, { kind: 'choice' }>['choices'][string];
type StoredAttribute =
  | Exclude<Attribute, { kind: 'choice' }>
  | (Omit<Extract<Attribute, { kind: 'choice' }>, 'choices'> & {
      readonly choices: readonly (readonly [string, StoredChoice])[];
    });

/** The layers that were made at run time, in the order they were made. */
export async function runtimeLayers(db: Kysely<Database>): Promise<Layer[]> {
  const rows = await db.selectFrom('layer_definition').select('definition').orderBy('id').execute();
  return rows.map(({ definition }) => fromDefinition(definition as Definition)); // written by storeLayer alone
}

/** Stores a layer made at run time; its table is made by the caller, in the same transaction. */
export async function storeLayer(db: Kysely<Database>, layer: Layer): Promise<void> {
  const definition = JSON.stringify(toDefinition(layer));
  await db.insertInto('layer_definition').values({ layer: layer.id, definition }).execute();
}

function toDefinition(layer: Layer): Definition {
  const attributes = [...attributesOf(layer)].map(
    ([key, attribute]) =>
      [
        key,
        attribute.kind === 'choice' ? { ...attribute, choices: Object.entries(attribute.choices) } : attribute,
      ] as const,
  );
  return { ...layer, attributes };
}

function fromDefinition({ attributes, ...layer }: Definition): Layer {
  const schemas = attributes.map(([key, attribute]) => {
    const description =
      attribute.kind === 'choice' ? { ...attribute, choices: Object.fromEntries(attribute.choices) } : attribute;
    return [key, fromDescription(description)] as const;
  });
  return { ...layer, attributes: z.object(Object.fromEntries(schemas)), runtime: true };
}
