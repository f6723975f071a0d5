import { setTimeout as after } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import type { Door } from './door.ts';

/** Layers whose devices speak MQTT: telemetry of gauges, sirens, buttons on LoRa. */
const spoken = ['river_gauge', 'siren', 'panic_button'];
/** A door whose MQTT end is to be closed. */
export interface MqttDoor extends Door {
  readonly close: () => Promise<void>;
}

/**
 * The same door, where those layers are told over MQTT, each thing on its topic, with QoS 1: `post` resolves when all are
 * acknowledged, which is when they are durable, and throws after `timeoutMs` without. `url` is the broker's, `key` its
 * password.
 */
export function mqttDoor(http: Door, url: string, key?: string, timeoutMs = 20_000): MqttDoor {
  const client = mqtt.connect(url, {
    protocolVersion: 4,
    clientId: `pendopo-simulator-${process.pid}`,
    ...(key !== undefined && { username: 'simulator', password: key }),
  });
  client.on('error', () => {}); // seen by whoever posts; mqtt.js tries on
  return {
    ...http,
    async post(layer, batch) {
      if (!spoken.includes(layer)) return http.post(layer, batch);
      await inTime(timeoutMs, connected(client), `no MQTT broker at ${new URL(url).host}`);
      const sent = batch.map(({ code, ...said }) =>
        client.publishAsync(`pendopo/${layer}/${code}`, JSON.stringify(said), { qos: 1 }),
      );
      await inTime(timeoutMs, Promise.all(sent), `the MQTT broker does not acknowledge ${layer}`);
      return undefined;
    },
    close: () => client.endAsync(true),
  };
}

async function connected(client: MqttClient): Promise<void> {
  if (!client.connected) await new Promise<void>((done) => client.once('connect', () => done()));
}

async function inTime(timeoutMs: number, work: Promise<unknown>, otherwise: string): Promise<void> {
  const ending = new AbortController();
  const late = after(timeoutMs, undefined, { signal: ending.signal, ref: false }).then(() => {
    throw new Error(otherwise);
  });
  late.catch(() => {}); // ended below
  work.catch(() => {}); // may end after us
  await Promise.race([work, late]).finally(() => ending.abort());
}
