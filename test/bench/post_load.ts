import { Agent, request } from 'node:http';

/** What the sending process is told: post each of these bodies once, over so many connections. */
export interface Post {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly Uint8Array[];
  readonly connections: number;
}

/** Posts bodies as devices do, each sender the next when the one before was answered; says the ms and how many records were accepted. */
process.once('message', async (message) => {
  const { port, path, headers, bodies, connections } = message as Post; // sent by ingest.ts
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const post = (body: Uint8Array) =>
    new Promise<number>((resolve, reject) => {
      const options = { port, host: '127.0.0.1', path, agent, method: 'POST' };
      request({ ...options, headers: { ...headers, 'Content-Length': body.length } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(Number(/"accepted":(\d+)/.exec(text)?.[1] ?? 0)));
      })
        .on('error', reject)
        .end(body);
    });
  let next = 0;
  let accepted = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < bodies.length) {
        const count = await post(bodies[next++]!);
        accepted += count;
      }
    }),
  );
  process.send!({ ms: performance.now() - start, accepted }, () => process.exit(0));
});
