import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The physical limit: `node:http` answering with bytes it was given. */
process.once('message', (message) => {
  const answers = new Map(message as [string, { body: Buffer; headers: Record<string, string> }][]); // sent by http.ts
  const server = createServer((request, response) => {
    const { body, headers } = answers.get(request.url!)!;
    if (request.headers['if-none-match'] === headers.etag) {
      response.writeHead(304, headers).end();
      return;
    }
    if (body.length === 0) {
      response.writeHead(204, headers).end();
      return;
    }
    response.writeHead(200, {
      ...headers,
      'content-type': 'application/vnd.mapbox-vector-tile',
      'content-encoding': 'zstd',
      'content-length': body.length,
    });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
});
