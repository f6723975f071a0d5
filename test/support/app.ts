import type { Hono } from 'hono';
import { pino } from 'pino';
import { afterAll } from 'vitest';
import { createApp } from '../../server/app.ts';
import { assemble } from '../../server/assemble.ts';
import { type Config, config } from '../../server/config.ts';
import type { Connection } from '../../server/database/connect.ts';
import type { Follower } from '../../server/live/follower.ts';
import type { Parts } from '../../server/parts.ts';
import { AUTH_SECRET } from './auth_secret.ts';

/** The whole server over an open database, without a socket: requests go in by `app.request()`. */
export interface TestApp {
  readonly app: Hono;
  readonly parts: Parts;
  readonly follower: Follower;
  /** Lines that the server logged as warnings or errors. */
  readonly complaints: string[];
}

/** The server as `npm start` puts it together, over a test's database; ends with the test file. */
export async function testApp(connection: Connection, settings: Partial<Config> = {}): Promise<TestApp> {
  const complaints: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void complaints.push(line) });
  const { parts, follower, stop } = await assemble({ ...config({ AUTH_SECRET }), ...settings }, connection, log);
  afterAll(stop);
  return { app: createApp(parts), parts, follower, complaints };
}
