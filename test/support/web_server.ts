import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll } from 'vitest';

/** A web server of the outside world, on a free port: what each path answers can be changed; ends with the test file. */
export interface WebServer {
  readonly url: string;
  /** By path; a path without an answer is not found. */
  readonly answers: Map<string, (request: IncomingMessage, response: ServerResponse) => void>;
  /** Paths in the order they were asked for. */
  readonly asked: string[];
  /** Sends these bytes, always. */
  serve(path: string, body: string | Uint8Array): void;
}

export async function webServer(): Promise<WebServer> {
  const answers: WebServer['answers'] = new Map();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const answer = answers.get(path);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    answers,
    asked,
    serve(path, body) {
      answers.set(path, (_, response) => void response.end(body));
    },
  };
}
