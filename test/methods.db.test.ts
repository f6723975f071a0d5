import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { answerClientError } from '../server/client_error.ts';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';

const { connection } = await testDatabase();
const { app, complaints } = await testApp(connection);

/** What a refusal of a method says; undefined where it is asked first who is asking. */
async function refused(method: string, path: string): Promise<{ allow: string[]; type: string } | undefined> {
  const response = await app.request(path, { method });
  if (response.status !== 405) expect([401, 403], `${method} ${path}`).toContain(response.status);
  if (response.status !== 405) return undefined;
  expect(response.headers.get('Content-Type')).toContain('application/problem+json');
  const body = await response.json();
  expect(body).toMatchObject({ status: 405, detail: expect.stringContaining(path) });
  return { allow: response.headers.get('Allow')?.split(', ') ?? [], type: body.type };
}

test('every address that answers some method says which to those that come with another', async () => {
  // Addresses without a pattern of their own; each parameter is some text.
  const addresses = new Map<string, Set<string>>();
  for (const { method, path } of app.routes) {
    if (method === 'ALL' || /[*{?]/.test(path)) continue;
    const address = path.replace(/:\w+/g, 'x');
    addresses.set(address, (addresses.get(address) ?? new Set()).add(method));
  }
  let told = 0;
  for (const [address, methods] of addresses) {
    const answer = await refused('PROPFIND', address);
    if (!answer) continue; // first asked who he is
    told++;
    expect(answer.type, address).toBe('urn:pendopo:problem:method_not_allowed');
    expect(answer.allow, address).toEqual(expect.arrayContaining([...methods]));
    expect(answer.allow.includes('HEAD'), address).toBe(methods.has('GET'));
  }
  expect(told).toBeGreaterThan(15);
  expect(complaints).toEqual([]);
});

test.for([
  ['DELETE', '/api/layers'],
  ['POST', '/health/ready'],
  ['PUT', '/tiles/streetlight/14/0/0'],
  ['DELETE', '/tiles/streetlight.json'],
  ['POST', '/ogc/collections/streetlight/queryables'],
  ['POST', '/'],
])('%s %s is not allowed, GET is', async ([method, path]) => {
  expect((await refused(method!, path!))?.allow).toEqual(expect.arrayContaining(['GET', 'HEAD']));
});

test.for([
  ['GET', '/api/nothing'],
  ['POST', '/nothing'],
  ['DELETE', '/ogc/nothing'],
  ['PATCH', '/ogc/collections/streetlight/nothing'],
  ['POST', '/assets/nothing.js'],
])('%s %s: there is nothing, whatever the method', async ([method, path]) => {
  const response = await app.request(path!, { method: method! });
  expect(response.status).toBe(404);
  expect(response.headers.get('Allow')).toBeNull();
});

test.for([
  ['no HTTP', 'HELLO\r\n\r\n', 400],
  ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
] as const)('%s is told so, and hung up on', async ([, message, status]) => {
  const server = createServer((_, response) => response.end()).on('clientError', answerClientError);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1'); // of a TCP server
  socket.write(message);
  let text = '';
  socket.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  server.close();
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(head).toContain('application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status });
});
