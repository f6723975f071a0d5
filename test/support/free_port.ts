import { createServer } from 'node:net';

/** A port of this machine that nobody listens on: for programs that cannot be told to take any. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const address = socket.address();
        socket.close(() =>
          typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
        );
      });
  });
}
