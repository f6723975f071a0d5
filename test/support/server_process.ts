import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free_port.ts';

/** The real program in a process of its own, always on the same port. */
export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  /** Resolves when it says that it is ready. */
  readonly start: () => Promise<void>;
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
  /** A measure of `/metrics`, by its name with its labels. */
  readonly metric: (name: string) => Promise<number>;
  /** Bytes in use, when everything that is not was collected. */
  readonly memory: () => Promise<number>;
}

/** What devices must know of a server process. */
export const ingestKey = 'kunci-uji-coba';

/** A server on a database of the server PostGIS, not started yet; to be killed at the end. */
export async function serverProcess(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const env = {
    ...process.env,
    ...{ DATABASE_URL: databaseUrl, HOST: '127.0.0.1', PORT: String(port), MQTT_PORT: '0' },
    ...{ DEMO: '0', ROLE: 'operator', INGEST_KEY: ingestKey, LOG_LEVEL: 'fatal' },
    ...settings,
  };
  const probe = new URL('report_memory.ts', import.meta.url).href;

  async function start(): Promise<void> {
    const started = spawn(process.execPath, ['--expose-gc', '--import', probe, 'server/main.ts'], {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child = started;
    while (!(await fetch(`${url}/health/ready`).catch(() => undefined))?.ok) {
      if (started.exitCode !== null) throw new Error(`the server ended with ${started.exitCode}`);
      await wait(50);
    }
  }
  async function kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
  return {
    ...{ url, port, start, kill },
    async metric(name) {
      const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
      return Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1));
    },
    memory() {
      if (!child) throw new Error('the server is not started');
      const answered = new Promise<number>((resolve) => child?.once('message', (bytes) => resolve(Number(bytes))));
      child.send('memory');
      return answered;
    },
  };
}
