import type { Entry } from './body.ts';
import type { DeviceMapping } from './device_mapping.ts';
import type { JsonObject } from './import/row.ts';
import { mappedEntry } from './mapped.ts';

const topic = /^v1\.1\/Datastreams\(([^)]{1,100})\)\/Observations$/;

/** The datastream of a SensorThings 1.1 topic (OGC 18-088, 14.2), `v1.1/Datastreams(7)/Observations`; undefined for another topic. */
export function datastreamOf(name: string): string | undefined {
  return topic.exec(name)?.[1]?.replace(/^'(.*)'$/, '$1');
}

/** Whether an observation says itself when it was made. */
export function saysWhen({ phenomenonTime, resultTime }: JsonObject): boolean {
  return (phenomenonTime ?? resultTime) != null;
}

/**
 * The record of a SensorThings observation. `phenomenonTime` is an instant or an interval, whose end counts; where it is
 * left out the server's time stands for it, as the standard has it.
 */
export function sensorThingsEntry(mapping: DeviceMapping, message: JsonObject, now: Date): Entry {
  const { phenomenonTime, resultTime } = message;
  const time = phenomenonTime ?? resultTime ?? now.toISOString();
  return mappedEntry(mapping, message, typeof time === 'string' ? time.split('/').at(-1) : time);
}
