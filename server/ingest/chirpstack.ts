import type { Entry } from './body.ts';
import type { DeviceMapping } from './device_mapping.ts';
import type { JsonObject } from './import/row.ts';
import { mappedEntry } from './mapped.ts';

const topic = /^application\/[^/]+\/device\/([0-9a-fA-F]{16})\/event\/up$/;

/** The DevEUI of a ChirpStack 4 uplink topic, in lower case; undefined for another topic. */
export function deviceOf(name: string): string | undefined {
  return topic.exec(name)?.[1]?.toLowerCase();
}

/** The record of a ChirpStack uplink: `time` is when a gateway heard it, `object` what its codec read from the bytes. */
export function chirpstackEntry(mapping: DeviceMapping, message: JsonObject): Entry {
  if (message.object === undefined)
    return { fault: 'the uplink has no object: set a codec in the device profile of ChirpStack' };
  return mappedEntry(mapping, message, message.time);
}
