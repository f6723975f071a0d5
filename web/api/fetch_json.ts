import type { FieldError } from '../../server/registry/actions/input.ts';

/** The members of a problem body (RFC 9457), or of what sign-in sends instead. */
type ProblemBody = Readonly<Record<string, unknown>>;

/** A request that did not bring its answer. */
export class RequestFailed extends Error {
  /** The HTTP status; 0 when the server was not reached. */
  readonly status: number;
  /** What the server calls the reason: `conflict`, `INVALID_PASSWORD`; `unreachable` when it was not reached. */
  readonly code: string;
  /** The server's own words. */
  readonly detail: string;
  /** What is wrong with which field. */
  readonly errors: readonly FieldError[];
  readonly problem: ProblemBody;

  constructor(status: number, code: string, detail: string, problem: ProblemBody = {}) {
    super(detail);
    this.name = 'RequestFailed';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = Array.isArray(problem.errors) ? problem.errors : [];
    this.problem = problem;
  }
}

interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/**
 * Asks our own server and reads its JSON, whose shape the caller names; an empty answer is null. Throws
 * {@link RequestFailed}, or what `signal` was ended with; gives up after 20 s unless told otherwise.
 */
export async function fetchJson<T>(address: string, asked: Asked = {}): Promise<T> {
  return (await fetchAnswer<T>(address, asked)).body;
}

/** The same with the headers of the answer. */
export async function fetchAnswer<T>(
  address: string,
  asked: Asked = {},
): Promise<{ readonly body: T; readonly headers: Headers }> {
  const { method = 'GET', body, headers, signal, timeoutMs = 20_000 } = asked;
  const limit = AbortSignal.timeout(timeoutMs);
  const read = async () => {
    const response = await fetch(address, {
      method,
      headers: {
        accept: 'application/geo+json, application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body ? JSON.stringify(body) : null,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return { response, text: await response.text() };
  };
  const { response, text } = await read().catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new RequestFailed(0, 'unreachable', error instanceof Error ? error.message : String(error));
  });
  const answer = parsed(text);
  if (response.ok && answer !== undefined) return { body: answer as T, headers: response.headers }; // the caller's word
  throw failure(response, answer);
}

/** Undefined when it is no JSON: a proxy in between speaks HTML. */
function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Our own problems have `type` and `detail`, those of sign-in `code` and `message`, others only a status. */
function failure({ status, statusText }: Response, answer: unknown): RequestFailed {
  const problem: ProblemBody = { ...Object(answer) };
  const text = (key: string) => (typeof problem[key] === 'string' ? problem[key] : undefined);
  const code = text('code') ?? text('type')?.split(':').at(-1) ?? String(status);
  const detail = text('detail') ?? text('message') ?? `${status} ${statusText}`.trim();
  return new RequestFailed(status, code, detail, problem);
}
