import { Agent, request } from 'node:http';
import type { Load } from './http.ts';

/** Fetches paths over kept-alive connections for some seconds and says how many a second were answered. */
process.once('message', async (message) => {
  const { origin, requests, connections, seconds } = message as Load; // sent by http.ts
  const { hostname: host, port } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const one = (index: number) =>
    new Promise<void>((resolve, reject) => {
      const { path, headers } = requests[index % requests.length]!;
      request({ host, port, path, headers, agent }, (response) => {
        response.on('end', resolve).resume();
      })
        .on('error', reject)
        .end();
    });
  let next = 0;
  let done = 0;
  const until = async (end: number) => {
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (performance.now() < end) {
          await one(next++);
          done++;
        }
      }),
    );
  };
  await until(performance.now() + 700); // warm
  done = 0;
  const start = performance.now();
  await until(start + seconds * 1000);
  process.send!(done / ((performance.now() - start) / 1000), () => process.exit(0));
});
