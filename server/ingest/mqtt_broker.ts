import { type AddressInfo, createServer } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import type { Logger } from 'pino';
import { isServiceKey, type ServiceKeys } from '../accounts/service_keys.ts';
import type { Config } from '../config.ts';
import { knowsKey } from './key.ts';
import { isUnderstood, type TakeMessage } from './messages.ts';

/** A broker that is running, on this port. */
export interface Broker {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** How long a connection may take to say who it is, in milliseconds. */
const connectMs = 10_000;
/** A regency's devices, and as many again. */
const mostConnections = 10_000;

/**
 * The built-in MQTT 3.1.1 broker: it takes observations and passes nothing on, so nobody reads over it what a role may
 * not see. A message of QoS 1 is acknowledged when it is durable: aedes acknowledges after `authorizePublish`, which
 * here waits for the commit; where that fails, the connection is cut and the device sends again.
 * Undefined, with a warning in the log, where the port is taken.
 */
export async function startBroker(
  config: Config,
  keys: ServiceKeys,
  take: TakeMessage,
  log: Logger,
  { connectTimeout = connectMs } = {},
): Promise<Broker | undefined> {
  /** The agency's key of each connection that came with one. */
  const secrets = new WeakMap<Client, string>();
  /** Whose message failed and who is cut off for it. */
  const cutByUs = new WeakSet<Client>();
  /** The connection that each client has now. */
  const connected = new Map<string, Client>();
  let ending = false;
  const admit = async (client: Client, secret: string | undefined): Promise<boolean> => {
    if (!isServiceKey(secret)) return knowsKey(config, secret);
    secrets.set(client, secret);
    return (await keys.of(secret))?.doors.includes('mqtt') ?? false;
  };
  const publish = async (client: Client | null, topic: string, payload: Uint8Array): Promise<void> => {
    const secret = client ? secrets.get(client) : undefined;
    const key = secret === undefined ? undefined : await keys.of(secret);
    // Asked for each message, because a connection may outlive its key.
    if (secret !== undefined && !key?.doors.includes('mqtt')) throw new Error('its key has expired or was revoked');
    await take(topic, payload, { key });
  };
  /** A last will tells of a broken connection: not when we break it, nor when the device is back on another one. */
  const isTrueWill = (client: Client) => !cutByUs.has(client) && !connected.has(client.id);
  const broker = await Aedes.createBroker({
    connectTimeout,
    authenticate: (client, _user, password, done) => {
      const refuse = (returnCode: 3 | 4) =>
        done(Object.assign(new Error('not admitted'), { returnCode }) as AuthenticateError, false); // aedes' own shape
      admit(client, password?.toString()).then(
        (admitted) => (admitted ? done(null, true) : refuse(4)), // 4: bad user name or password
        () => refuse(3), // 3: server unavailable
      );
    },
    authorizePublish: (client, packet, done) => {
      packet.retain = false; // kept in memory for ever otherwise
      if (!isUnderstood(packet.topic)) return done(); // many devices tell more than anybody reads
      if (ending) return done(new Error('the server ends; send it again'));
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      const said = async () => {
        if (client?.closed) {
          // Its last will. aedes takes on the device's next connection right after asking.
          await Promise.resolve();
          if (!isTrueWill(client)) return;
        }
        await publish(client, packet.topic, payload);
      };
      said().then(
        () => done(),
        (error: unknown) => {
          if (client) cutByUs.add(client);
          done(error instanceof Error ? error : new Error(String(error)));
        },
      );
    },
    authorizeSubscribe: (_client, _subscription, done) => done(null, null),
  });
  broker.on('client', (client) => connected.set(client.id, client));
  broker.on('clientDisconnect', (client) => {
    if (connected.get(client.id) === client) connected.delete(client.id);
  });
  broker.on('clientError', (client, error) => log.warn({ client: client.id, err: error }, 'MQTT client cut off'));
  broker.on('connectionError', (_client, error) => log.debug({ err: error }, 'MQTT client refused'));
  const server = createServer(broker.handle);
  server.maxConnections = mostConnections;
  try {
    await new Promise<void>((done, fail) => server.once('error', fail).listen(config.MQTT_PORT, config.HOST, done));
  } catch (error) {
    log.warn({ err: error }, `no MQTT: port ${config.MQTT_PORT} cannot be used (MQTT_PORT)`);
    await new Promise<void>((done) => broker.close(done));
    return undefined;
  }
  return {
    port: (server.address() as AddressInfo).port, // listening on TCP
    async close() {
      ending = true;
      const closed = new Promise((done) => server.close(done));
      await new Promise<void>((done) => broker.close(done));
      await closed;
    },
  };
}
