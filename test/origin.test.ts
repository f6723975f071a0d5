import { expect, test } from 'vitest';
import { origin } from '../server/origin.ts';

test.each([
  ['localhost', 'http://localhost:8080'],
  ['127.0.0.1', 'http://127.0.0.1:8080'],
  ['::', 'http://[::]:8080'],
  ['::1', 'http://[::1]:8080'],
])('a server on HOST=%s is at %s', (host, address) => {
  expect(origin(host, 8080)).toBe(address);
});
