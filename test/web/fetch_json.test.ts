import { expect, test } from 'vitest';
import { fetchJson, RequestFailed } from '../../web/api/fetch_json.ts';
import { webServer } from '../support/web_server.ts';

const web = await webServer();

/** How a request to the path fails. */
async function failureAt(path: string, signal?: AbortSignal): Promise<unknown> {
  return fetchJson(`${web.url}${path}`, { ...(signal && { signal }), timeoutMs: 10_000 }).then(
    () => 'answered',
    (error: unknown) => error,
  );
}

test('the answer of the server, and null for an empty one', async () => {
  web.answers.set('/answer', (_, response) => response.end('{"level":0}'));
  web.answers.set('/empty', (_, response) => response.writeHead(204).end());
  expect(await fetchJson(`${web.url}/answer`)).toEqual({ level: 0 });
  expect(await fetchJson(`${web.url}/empty`)).toBeNull();
});

test('what is sent is JSON and says so', async () => {
  web.answers.set('/sent', (request, response) => {
    const { method, headers } = request;
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => response.end(JSON.stringify([method, headers['content-type'], headers['if-match'], text])));
  });
  const sent = await fetchJson(`${web.url}/sent`, {
    method: 'PUT',
    body: { locked: true },
    headers: { 'if-match': '"3"' },
  });
  expect(sent).toEqual(['PUT', 'application/json', '"3"', '{"locked":true}']);
});

test('a problem brings its code, its words and what is wrong with which field', async () => {
  const errors = [{ pointer: '#/input/code', code: 'taken', detail: 'is taken' }];
  const problem = { type: 'urn:pendopo:problem:invalid_input', detail: 'No.', errors };
  web.answers.set('/problem', (_, response) => response.writeHead(422).end(JSON.stringify(problem)));
  expect(await failureAt('/problem')).toMatchObject({
    status: 422,
    code: 'invalid_input',
    detail: 'No.',
    errors,
    problem,
  });
});

test('a refusal of the sign-in brings its own code and message', async () => {
  const body = '{"code":"INVALID_PASSWORD","message":"Invalid password"}';
  web.answers.set('/sign-in', (_, response) => response.writeHead(400).end(body));
  expect(await failureAt('/sign-in')).toMatchObject({
    status: 400,
    code: 'INVALID_PASSWORD',
    detail: 'Invalid password',
  });
});

test.each([502, 200])('HTML of a proxy with status %i is a failure that names the status', async (status) => {
  web.answers.set('/proxy', (_, response) => response.writeHead(status).end('<html>Bad gateway</html>'));
  const failure = await failureAt('/proxy');
  expect(failure).toBeInstanceOf(RequestFailed);
  expect(failure).toMatchObject({
    status,
    code: String(status),
    detail: expect.stringMatching(`^${status}`),
    errors: [],
  });
});

test('a server that is not there is status 0; a caller that gives up gets its own reason', async () => {
  web.answers.set('/cut', (_, response) => response.destroy());
  expect(await failureAt('/cut')).toMatchObject({ status: 0, code: 'unreachable' });
  const asked = new AbortController();
  web.answers.set('/slow', () => asked.abort(new Error('no longer wanted')));
  expect(await failureAt('/slow', asked.signal)).toEqual(new Error('no longer wanted'));
});
