import type { ServiceKey } from '../accounts/service_keys.ts';
import type { Parts } from '../parts.ts';
import { isArea } from '../registry/areas.ts';
import type { Layer } from '../registry/layer.ts';
import { agencyOf } from './agency_of.ts';
import { type Entry, entriesOf } from './body.ts';
import { chirpstackEntry, deviceOf } from './chirpstack.ts';
import { mappings, type Protocol } from './device_mapping.ts';
import { noteMessage, outcomeOf } from './door_meter.ts';
import { parseJson } from './json_text.ts';
import { asObject } from './mapped.ts';
import { observeOffline } from './observe.ts';
import { receive } from './receive.ts';
import { datastreamOf, saysWhen, sensorThingsEntry } from './sensor_things.ts';

/** Of the agency's key that a sender came with: what it is limited to. */
type Limits = Pick<ServiceKey, 'layers' | 'agency'>;

/** How a message came: with which agency's key, and whether a broker kept it and tells it again to who subscribes. */
export interface Delivery {
  readonly key?: Limits | undefined;
  readonly retained?: boolean;
}

/** What a broker hands its messages to; see `takeMessage`. */
export type TakeMessage = (topic: string, payload: Uint8Array, delivery?: Delivery) => Promise<void>;

type Door = Pick<Parts, 'connection' | 'config' | 'registry' | 'log'>;

/** Filters of the topics that are understood, for whoever subscribes to them. */
export const topicFilters = ['pendopo/+/#', 'v1.1/+/Observations', 'application/+/device/+/event/up'];

const ownTopic = /^pendopo\/([a-z][a-z0-9_]*)\/(.+)$/;
/** What was meant to be one, so that who installs a device learns what is wrong with it. */
const meantTopic = /^\/?pendopo\//i;
const maxBytes = 1_000_000;

/** Whether a topic is one of those, or was meant to be. */
export function isUnderstood(topic: string): boolean {
  return meantTopic.test(topic) || datastreamOf(topic) !== undefined || deviceOf(topic) !== undefined;
}

/**
 * Takes an MQTT message; resolves when what it says is durable or was refused, which is logged: MQTT 3.1.1 has no way
 * to tell the sender. Throws only when the database fails: the message should come again.
 */
export async function takeMessage(
  door: Door,
  topic: string,
  payload: Uint8Array,
  { key, retained = false }: Delivery = {},
): Promise<void> {
  const note = (result: ReturnType<typeof outcomeOf>) => noteMessage(door, 'mqtt', topic, payload, result);
  const refuse = (reason: string) => {
    note({ outcome: 'rejected', reason });
    door.log.warn({ topic: topic.slice(0, 200), reason }, 'MQTT message refused');
  };
  if (payload.byteLength > maxBytes) return refuse('more than 1 MB');
  const parsed = parseJson(new TextDecoder().decode(payload));
  if ('fault' in parsed) return refuse(parsed.fault);

  const [, id, code] = ownTopic.exec(topic) ?? [];
  if (id === undefined && meantTopic.test(topic)) return refuse('the topic is pendopo/{layer}/{code}');
  if (id !== undefined && code !== undefined) {
    if (isBeyond(key, id)) return refuse(`the key is not for '${id}'`);
    const layer = door.registry.layer(id);
    if (!layer || isArea(layer)) return refuse(`there is no layer '${id}' that takes observations`);
    const status = linkStatus(parsed.value);
    // A will that the broker keeps comes again at each of our connections, long after the device is back.
    if (status === 'offline' && retained) return note({ outcome: 'accepted' });
    if (status === 'offline' && layer.link) {
      if (key && ((await agencyOf(door.connection.db, layer, code)) ?? key.agency) !== key.agency)
        return refuse(`'${code}' is of another agency than the key`);
      await observeOffline(door.connection, layer, code);
      return note({ outcome: 'accepted' });
    }
    if (status !== undefined && !layer.link) return refuse(`${id} does not tell whether its device is connected`);
    // The first observation says it too, and when it was.
    if (status === 'online') return note({ outcome: 'accepted' });
    const entries = entriesOf(parsed.value).map((entry) => named(entry, code));
    return note(await take(door, topic, layer, entries, { agency: key?.agency }));
  }
  const message = asObject(parsed.value);
  if (!message) return refuse('not an object');
  const datastream = datastreamOf(topic);
  const devEui = deviceOf(topic);
  const [protocol, device]: [Protocol, string] =
    datastream === undefined ? ['chirpstack', devEui ?? ''] : ['sensor_things', datastream];
  const mapping = (await mappings(door.connection.db, protocol)).get(device);
  const layer = mapping && door.registry.layer(mapping.layer);
  if (!layer) return refuse(`nobody said what ${protocol} device '${device}' is about`);
  if (isBeyond(key, layer.id)) return refuse(`the key is not for '${layer.id}'`);
  // Nobody knows when that was; the server's time would make it an observation of now.
  if (retained && protocol === 'sensor_things' && !saysWhen(message)) return note({ outcome: 'accepted' });
  const entry =
    protocol === 'chirpstack' ? chirpstackEntry(mapping, message) : sensorThingsEntry(mapping, message, new Date());
  const partial = protocol === 'sensor_things';
  return note(await take(door, topic, layer, [entry], { partial, agency: key?.agency }));
}

function isBeyond(key: Limits | undefined, id: string): boolean {
  return key !== undefined && key.layers !== null && !key.layers.includes(id);
}

async function take(
  door: Door,
  topic: string,
  layer: Layer,
  entries: readonly Entry[],
  options: { partial?: boolean; agency: string | undefined },
) {
  const receipt = await receive(door, layer, entries, options);
  const { rejected } = receipt;
  if (rejected.length > 0)
    door.log.warn({ topic: topic.slice(0, 200), rejected: rejected.slice(0, 10) }, 'MQTT message refused');
  return outcomeOf(receipt);
}

/** What a device says of its connection, and nothing else: `{"status":"offline"}`, usually its last will. */
function linkStatus(value: unknown): 'online' | 'offline' | undefined {
  const message = asObject(value);
  if (!message || Object.keys(message).some((key) => key !== 'status' && key !== 'code')) return undefined;
  return message.status === 'online' || message.status === 'offline' ? message.status : undefined;
}

/** The topic names the thing; a record may repeat it, but not contradict it. */
function named(entry: Entry, code: string): Entry {
  if ('fault' in entry) return entry;
  const { code: given = code } = entry.record;
  return given === code ? { record: { ...entry.record, code } } : { fault: 'the code is not that of the topic' };
}
