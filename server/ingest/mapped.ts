import type { Entry } from './body.ts';
import type { DeviceMapping, MappedAttribute } from './device_mapping.ts';
import { flatten, isObject, type JsonObject } from './import/row.ts';

/**
 * The record of a message that does not speak our names: the values at the mapping's paths (`object.level`, members of
 * nested objects joined by dots), each scaled or translated as it says. A path that the message lacks is left out.
 */
export function mappedEntry({ code, attributes }: DeviceMapping, message: JsonObject, observedAt: unknown): Entry {
  const flat = flatten(message);
  const record: Record<string, unknown> = { code, observed_at: observedAt };
  for (const [path, to] of Object.entries(attributes)) {
    if (!Object.hasOwn(flat, path)) continue;
    const value = translated(flat[path], to);
    if (value === undefined)
      return { fault: `${path}: ${String(flat[path]).slice(0, 40)} stands for nothing in the mapping` };
    record[to.attribute] = value;
  }
  return { record };
}

function translated(raw: unknown, { factor = 1, offset = 0, values }: MappedAttribute): unknown {
  if (values) return raw !== undefined && Object.hasOwn(values, String(raw)) ? values[String(raw)] : undefined;
  if (factor === 1 && offset === 0) return raw ?? null;
  const number = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  // Whatever is no number is told as such by the attribute it is for.
  if (typeof number !== 'number' || !Number.isFinite(number)) return raw ?? null;
  // 1.1 × 100 is not 110 in binary; no sensor has fifteen digits.
  return Number((number * factor + offset).toPrecision(12));
}

/** A message as an object, or why it is none. */
export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}
