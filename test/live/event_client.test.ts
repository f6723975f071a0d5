import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { EventClient } from '../../server/live/event_client.ts';
import { type Listener, listen } from '../support/events.ts';

const responses: ServerResponse[] = [];
const server = createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
  responses.push(response);
});
const port = await new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    resolve(typeof address === 'object' && address ? address.port : 0);
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A client that reads, and what listens at its other end. */
async function pair(): Promise<readonly [EventClient, Listener]> {
  const listener = await listen(`http://127.0.0.1:${port}/`);
  const interest = {
    key: '',
    views: [],
    boxes: undefined,
    everywhere: new Set<string>(),
    clients: new Set<EventClient>(),
  };
  return [new EventClient(responses.at(-1)!, interest, 0, 1_000_000), listener];
}

const later = (ms: number) => Date.now() + ms;

test('one that takes nothing for 45 seconds is given up, and not before; one that takes what it is given, never', async () => {
  const [stalled, listener] = await pair();
  const [reading, other] = await pair();
  listener.pause();
  const event = (bytes: number) => `event: ping\ndata: ${JSON.stringify('x'.repeat(bytes))}\n\n`;
  stalled.write(event(100_000).repeat(200)); // more than all buffers between the two can hold
  reading.write(event(1_000));
  await other.until(({ event }) => event === 'ping');
  while (reading.blocked) await wait(5);
  expect(stalled.isDead(later(30_000))).toBe(false);
  expect(stalled.isDead(later(46_000))).toBe(true);
  expect(reading.isDead(later(1_000_000))).toBe(false);

  listener.resume();
  while (stalled.blocked) await wait(5);
  expect(stalled.isDead(later(1_000_000))).toBe(false);
  listener.close();
  other.close();
});
