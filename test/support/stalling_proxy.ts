import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that can stop in the middle, both ways, with its connections open: as a lost radio link looks to both ends. */
export interface StallingProxy {
  readonly url: string;
  readonly stall: () => void;
  readonly goOn: () => void;
  /** Lets new connections through; those that stand stay as they are: another host has taken over. */
  readonly replace: () => void;
  readonly close: () => void;
}

/** Stands before a port of this machine, on a free one. */
export async function stallingProxy(port: number): Promise<StallingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isStalled = false;
  const link = ([a, b]: readonly [Socket, Socket]) => {
    a.pipe(b);
    b.pipe(a);
  };
  const server = createServer((client) => {
    const pair = [client, connect(port, '127.0.0.1')] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => {}); // 'close' follows
      socket.once('close', () => {
        pairs.delete(pair);
        for (const each of pair) each.destroy();
      });
    }
    if (!isStalled) link(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo; // of a TCP server
  return {
    url: `http://127.0.0.1:${address.port}`,
    stall() {
      isStalled = true;
      for (const [a, b] of pairs) {
        a.unpipe(b).pause();
        b.unpipe(a).pause();
      }
    },
    replace() {
      isStalled = false;
    },
    goOn() {
      isStalled = false;
      for (const pair of pairs) link(pair);
    },
    close() {
      for (const [a, b] of pairs) {
        a.destroy();
        b.destroy();
      }
      server.close();
    },
  };
}
