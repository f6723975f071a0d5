import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import { attributesOf } from '../registry/layer.ts';
import { Problem } from '../registry/problem.ts';
import type { Registry } from '../registry/registry.ts';
import { byTwoPersons } from './by_two_persons.ts';

/** Protocols whose messages name a device, not a thing. */
export const protocols = ['sensor_things', 'chirpstack'] as const;
export type Protocol = (typeof protocols)[number];

const mapped = z.strictObject({
  attribute: z.string(),
  /** What is sent × factor + offset is in the attribute's unit: 100 from m to cm; −1 and the reference level from a distance. */
  factor: z.number().optional(),
  offset: z.number().optional(),
  /** What each sent value stands for, instead: `{"1": "pressed"}`. */
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type MappedAttribute = z.infer<typeof mapped>;

const body = z.strictObject({
  layer: z.string(),
  code: z.string().min(1).max(100),
  /** By path in the message. */
  attributes: z.record(z.string().max(200), mapped),
});

/** Which thing a device is about, and which of its values are which attributes. */
export type DeviceMapping = z.infer<typeof body>;

/** Reads a mapping as somebody wrote it. @throws Problem `invalid_input`, by member, for what its layer does not have. */
export function checkMapping(registry: Registry, given: unknown): DeviceMapping {
  const parsed = body.safeParse(given);
  if (!parsed.success) {
    const fields = Object.fromEntries(
      parsed.error.issues.map(({ path, message }) => [path.join('.') || 'body', message]),
    );
    throw new Problem('invalid_input', 'A mapping is { layer, code, attributes: { path: { attribute } } }.', fields);
  }
  const { layer: id, attributes } = parsed.data;
  const layer = registry.layer(id);
  if (!layer) throw new Problem('invalid_input', `There is no layer '${id.slice(0, 60)}'.`, { layer: 'unknown' });
  const known = attributesOf(layer);
  const guarded = byTwoPersons(layer);
  const unknown = Object.entries(attributes).filter(([, { attribute }]) => {
    const found = known.get(attribute);
    return found
      ? found.derived || guarded.has(attribute)
      : !(layer.moving && (attribute === 'lon' || attribute === 'lat'));
  });
  if (unknown.length === 0) return parsed.data;
  const fields = Object.fromEntries(
    unknown.map(([path, { attribute }]) => [`attributes.${path}`, `no '${attribute}' in ${id} that a device sets`]),
  );
  throw new Problem('invalid_input', `Not all of these are attributes of '${id}' that a device sets.`, fields);
}

/** Keeps what a device is about from now on. */
export async function storeMapping(
  db: Kysely<Database>,
  protocol: Protocol,
  device: string,
  { layer, code, attributes }: DeviceMapping,
): Promise<void> {
  const values = { layer, code, attributes: JSON.stringify(attributes) };
  await db
    .insertInto('device_mapping')
    .values({ protocol, device, ...values })
    .onConflict((conflict) => conflict.columns(['protocol', 'device']).doUpdateSet(values))
    .execute();
  kept.get(db)?.delete(protocol);
}

/** What a device is about as it is stored now, undefined when nobody said. */
export async function mappingOf(
  db: Kysely<Database>,
  protocol: Protocol,
  device: string,
): Promise<DeviceMapping | undefined> {
  return db
    .selectFrom('device_mapping')
    .select(['layer', 'code', 'attributes'])
    .where('protocol', '=', protocol)
    .where('device', '=', device)
    .executeTakeFirst();
}

/** How old a mapping may be that another process changed, in milliseconds. */
const keptMs = 5_000;
interface Kept {
  readonly at: number;
  readonly mappings: Promise<ReadonlyMap<string, DeviceMapping>>;
}
const kept = new WeakMap<Kysely<Database>, Map<Protocol, Kept>>();

/** What the devices of a protocol are about, by device; at most 5 s old. */
export function mappings(db: Kysely<Database>, protocol: Protocol): Promise<ReadonlyMap<string, DeviceMapping>> {
  const ofDatabase = kept.get(db) ?? new Map<Protocol, Kept>();
  kept.set(db, ofDatabase);
  const known = ofDatabase.get(protocol);
  if (known && Date.now() - known.at < keptMs) return known.mappings;
  const mappings = readMappings(db, protocol);
  ofDatabase.set(protocol, { at: Date.now(), mappings });
  mappings.catch(() => ofDatabase.delete(protocol)); // the caller is told; the next one asks again
  return mappings;
}

async function readMappings(db: Kysely<Database>, protocol: Protocol): Promise<ReadonlyMap<string, DeviceMapping>> {
  const columns = ['device', 'layer', 'code', 'attributes'] as const;
  const rows = await db.selectFrom('device_mapping').select(columns).where('protocol', '=', protocol).execute();
  return new Map(rows.map(({ device, ...mapping }) => [device, mapping]));
}
