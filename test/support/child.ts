import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of ours in a process of its own, its output by line. */
export interface Child {
  /** Resolves with the first line that matches; rejects when the process ends without one. */
  line(pattern: RegExp): Promise<string>;
  /** SIGKILL: no handler runs, as when the power goes. Resolves with all lines once it is gone. */
  kill(signal?: 'SIGKILL' | 'SIGINT'): Promise<string[]>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<{ code: number | null; lines: string[]; errors: string }>;
}

/**
 * Starts `node <script> <args>`: `startChild(new URL('./script.ts', import.meta.url))`; `env` is added to ours, `input` is what
 * somebody types, else nobody is there.
 */
export function startChild(
  script: URL,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Child {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], {
    stdio: 'pipe',
    env: { ...process.env, ...env },
  });
  child.stdin.end(input);
  // A test that ran out of time waits for nothing of it any more.
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  let errors = '';
  let over = false;
  child.stderr.on('data', (data) => {
    errors += data;
  });
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    for (const watcher of watchers) watcher();
  });
  const ended = new Promise<{ code: number | null; lines: string[]; errors: string }>((resolve) =>
    child.on('close', (code) => {
      over = true;
      process.off('exit', endWithUs);
      for (const watcher of watchers) watcher();
      resolve({ code, lines, errors });
    }),
  );
  return {
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined && !over) return;
          watchers.delete(look);
          if (found === undefined) reject(new Error(`ended without ${pattern}: ${errors}`));
          else resolve(found);
        };
        watchers.add(look);
        look();
      }),
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      return (await ended).lines;
    },
  };
}
