import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { temporaryFolder } from './folder.ts';
import { freePort } from './free_port.ts';

const program = find();

function find(): string | undefined {
  const PATH = `${process.env.PATH}:/usr/sbin`; // where Debian puts it, and a plain user's PATH does not look
  try {
    return execFileSync('which', ['mosquitto'], {
      env: { PATH },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/** A test with a Mosquitto; where there is none it is skipped and says why. With NOTHING_SKIPPED, as in CI, it fails. */
export function mosquittoTest(name: string, run: () => Promise<void>): void {
  const reason = 'no mosquitto found: apt-get install mosquitto';
  if (program !== undefined) test(name, run);
  else if (process.env.NOTHING_SKIPPED) test(name, () => expect.fail(reason));
  else test.skip(`${name} (skipped: ${reason})`, () => {});
}

/** Starts a Mosquitto on a free port of this machine that lets everybody in. */
export async function startMosquitto(): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  if (program === undefined) throw new Error('ask mosquittoTest first');
  const port = await freePort();
  const file = join(temporaryFolder(), 'mosquitto.conf');
  writeFileSync(
    file,
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type none\nmax_queued_messages 100000\n`,
  );
  const child: ChildProcess = spawn(program, ['-c', file], { stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
    await wait(20);
  }
  return {
    port,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
