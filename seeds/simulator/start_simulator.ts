import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Config } from '../../server/config.ts';
import type { Parts } from '../../server/parts.ts';

/** What the simulator's thread is given. */
export interface Simulator {
  /** Where the server listens. */
  readonly url: string;
  /** The built-in broker; undefined: everything goes over HTTP. */
  readonly mqtt: string | undefined;
  readonly key: string | undefined;
  readonly dataDir: string;
  readonly seed: string;
}

/** Starts the simulator beside a server that holds the demo regency, unless `SIMULATE` is off. Returns what ends it. */
export function startSimulator(
  { config, log }: Parts,
  { port, mqttPort }: { readonly port: number; readonly mqttPort: number | undefined },
): () => Promise<void> {
  if (!config.DEMO || config.SIMULATE === false) return async () => {};
  return startThread(
    {
      url: `http://${address(config, port)}`,
      mqtt: mqttPort === undefined ? undefined : `mqtt://${address(config, mqttPort)}`,
      key: config.INGEST_KEY,
      dataDir: config.DATA_DIR,
      seed: 'jember',
    },
    log,
  );
}

function startThread(simulator: Simulator, log: Logger): () => Promise<void> {
  const worker = new Worker(new URL('./simulator_worker.ts', import.meta.url), { workerData: simulator });
  worker.on('error', (error) => log.error(error, 'the simulator ended'));
  worker.unref();
  return async () => void (await worker.terminate());
}

/** Host and port of this machine at which the server listens. */
function address({ HOST }: Config, port: number): string {
  const host = HOST === '0.0.0.0' ? '127.0.0.1' : HOST === '::' ? '::1' : HOST;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
