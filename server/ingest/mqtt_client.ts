import mqtt from 'mqtt';
import type { Logger } from 'pino';
import { type TakeMessage, topicFilters } from './messages.ts';

const retryMs = 1_000;

/**
 * Reads observations from another broker, MQTT 3.1.1, in a session that it keeps while we are away. A message of QoS 1 is
 * acknowledged when it is durable: mqtt.js would acknowledge messages one by one in their order, each commit holding up
 * the next, so they are acknowledged here, whenever theirs is done. Connects for as long as that takes.
 */
export function followBroker(
  url: string,
  take: TakeMessage,
  log: Logger,
  tell: (state: 'connected' | 'connecting', host: string) => void = () => {},
): { readonly close: () => Promise<void> } {
  const { host } = new URL(url);
  tell('connecting', host);
  const { searchParams } = new URL(url);
  const client = mqtt.connect(url, {
    protocolVersion: 4,
    clientId: searchParams.get('clientId') ?? 'pendopo',
    clean: false,
    reconnectPeriod: retryMs,
    resubscribe: false, // at every connection below, which also tells whether it was granted
  });
  let failing = false;
  let closing = false;
  client.on('connect', () => {
    failing = false;
    tell('connected', host);
    log.info({ broker: host }, 'MQTT broker connected');
    client.subscribe(topicFilters, { qos: 1 }, (error) => {
      if (error) log.warn({ err: error }, 'the MQTT broker does not let us read');
    });
  });
  client.on('close', () => tell('connecting', host));
  client.on('error', (error) => {
    // Of a connection that is being ended, the broker may cut off what is still under way.
    if (!failing && !closing) log.warn({ err: error }, 'MQTT broker not reachable; trying on');
    failing = true;
  });
  client.handleMessage = (packet, next) => {
    const { stream } = client;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    take(packet.topic, payload, { retained: packet.retain }).then(
      () => {
        if (packet.qos === 1 && packet.messageId !== undefined && stream === client.stream && !stream.destroyed)
          stream.write(puback(packet.messageId));
      },
      (error: unknown) => {
        log.warn({ err: error }, 'an MQTT message could not be written; the broker will send it again');
        // What is not acknowledged comes again with the next connection only.
        setTimeout(() => stream === client.stream && stream.destroy(), retryMs).unref();
      },
    );
    // An error keeps mqtt.js from acknowledging, and nothing else.
    next(packet.qos === 1 ? new Error('acknowledged later') : undefined);
  };
  return {
    close() {
      closing = true;
      return client.endAsync();
    },
  };
}

/** PUBACK, MQTT 3.1.1 section 3.4. */
function puback(messageId: number): Buffer {
  return Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]);
}
