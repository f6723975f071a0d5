import type { Parts } from '../parts.ts';
import { type DoorReport, doorIs } from './door_meter.ts';
import { type TakeMessage, takeMessage } from './messages.ts';
import { type Broker, startBroker } from './mqtt_broker.ts';
import { followBroker } from './mqtt_client.ts';
import { flushRawPayloads } from './raw_payload.ts';

export interface Doors {
  /** Of the built-in broker; undefined when it does not run. */
  readonly mqttPort: number | undefined;
  readonly close: () => Promise<void>;
}

/** Opens what devices come in by besides HTTP. */
export async function openDoors(parts: Parts): Promise<Doors> {
  const { config, connection, log } = parts;
  // What is under way when they close is finished first.
  const underWay = new Set<Promise<void>>();
  const take: TakeMessage = (topic, payload, delivery) => {
    const taken = takeMessage(parts, topic, payload, delivery).finally(() => underWay.delete(taken));
    underWay.add(taken);
    return taken;
  };
  const tell = (state: DoorReport['state'], at: string | null) => doorIs(connection, state, at);
  const outside = config.MQTT_URL === undefined ? undefined : followBroker(config.MQTT_URL, take, log, tell);
  const broker: Broker | undefined = outside ? undefined : await startBroker(config, parts.accounts.keys, take, log);
  if (broker) tell('listening', String(broker.port));
  return {
    mqttPort: broker?.port,
    async close() {
      await Promise.all([outside?.close(), broker?.close()]);
      await Promise.allSettled(underWay);
      await flushRawPayloads(connection);
    },
  };
}
