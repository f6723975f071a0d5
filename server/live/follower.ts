import type { Logger } from 'pino';
import type { Connection } from '../database/connect.ts';
import type { LiveCopy } from './copy.ts';

/** How long a lost doorbell may go unnoticed, in milliseconds. */
const pollMs = 1_000;

/** Keeps a live copy up with the change log. */
export interface Follower {
  /** Resolves when everything committed before the call is in the copy. */
  readonly catchUp: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Follows the change log: woken by the doorbell, and by a clock in case one was lost. A database that does not answer is
 * reported once and asked again with every tick; the copy keeps its last picture. A copy that stood still for longer than
 * the log is kept is loaded anew.
 */
export async function follow(
  connection: Connection,
  live: LiveCopy,
  log: Logger,
  onLayerDefined?: () => Promise<void>,
): Promise<Follower> {
  let running: Promise<void> | undefined;
  let again = false;
  let failing = false;
  let stopped = false;

  // One may have been defined between the list of layers and the picture.
  let undefinedLayers = true;
  const drain = async () => {
    for (;;) {
      const { changes, state } = await live.advance();
      if (state === 'lost') {
        log.warn({ position: live.position }, 'the change log no longer holds what followed; loading the copy anew');
        await live.load([...live.layers].map(({ layer }) => layer));
      }
      undefinedLayers ||= state === 'lost' || changes.some(({ layer }) => layer === 'layer_definition');
      if (undefinedLayers) await onLayerDefined?.();
      undefinedLayers = false;
      if (state === 'done') return;
    }
  };
  const run = async () => {
    do {
      again = false;
      await drain();
    } while (again && !stopped);
  };
  const wake = (): Promise<void> => {
    if (running) {
      again = true;
      return running;
    }
    running = run().finally(() => {
      running = undefined;
    });
    return running;
  };
  const wakeQuietly = () => {
    if (stopped) return;
    wake().then(
      () => {
        if (failing) log.info('following the change log again');
        failing = false;
      },
      (error: unknown) => {
        if (!failing && !stopped)
          log.warn({ err: error }, 'the change log cannot be read; the picture grows old until it can');
        failing = true;
      },
    );
  };

  const unlisten = await connection.listen('change', wakeQuietly);
  const timer = setInterval(wakeQuietly, pollMs);
  return {
    catchUp: wake,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await unlisten();
      await running?.catch(() => {}); // reported above when it failed
    },
  };
}
