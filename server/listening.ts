import { createServer } from 'node:net';
import type { Config } from './config.ts';

type Address = Pick<Config, 'HOST' | 'PORT'>;

/**
 * Listens at the address for a moment: asked before a first start takes its minute, because port 8080 is often taken.
 * @throws Error of {@link cannotListen}.
 */
export async function checkAddress(address: Address): Promise<void> {
  const socket = createServer();
  await new Promise<void>((done, fail) =>
    socket.once('error', (error) => fail(cannotListen(address, error))).listen(address.PORT, address.HOST, done),
  );
  await new Promise((done) => socket.close(done));
}

/** Why nobody can listen there, in one line that names what to change. */
export function cannotListen({ HOST, PORT }: Address, { code, message }: NodeJS.ErrnoException): Error {
  switch (code) {
    case 'EADDRINUSE':
      return new Error(`PORT ${PORT} on HOST ${HOST} is taken by another program: end it, or choose another PORT.`);
    case 'EACCES':
      return new Error(`PORT ${PORT} on HOST ${HOST} is not allowed to this user: choose a PORT above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`HOST ${HOST} is no address of this machine: choose another HOST (PORT ${PORT}).`);
    default:
      return new Error(`Nobody can listen on PORT ${PORT} of HOST ${HOST}: ${message}`);
  }
}
