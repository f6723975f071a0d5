/** What a server said of the version it sent (RFC 9110 §8.8): asked for again, it says only whether there is a newer one. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
  /** When it last answered, RFC 3339, for what is asked for by itself (`Feed.addresses`). */
  readonly heard?: string;
}

export interface Fetched {
  readonly bytes: Uint8Array;
  readonly validators: Validators;
}

/**
 * What a failed pull failed of: nobody answered (also: there is no network), the answer was a refusal, what came is not what
 * it should be, or we are not ready to ask.
 */
export type FailureKind = 'unreachable' | 'refused' | 'unusable' | 'not_ready';

/** Why nothing could be fetched, in words, and how long the source wants to be left alone. */
export class FetchFailure extends Error {
  readonly kind: FailureKind;
  readonly retryAfterMs: number | undefined;

  constructor(kind: FailureKind, message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'FetchFailure';
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** PetaBencana refuses whoever does not say who he is. */
const userAgent = 'Pendopo/0.1 (open operations map)';
const timeoutMs = 20_000;
const maxBytes = 10_000_000;
const maxRedirects = 3;
/** How long who is asked too much (429), or too busy (503), is left alone where it does not say. */
const busyMs = 60_000;

/**
 * Fetches an address; undefined when it is still what `known` describes. At most 10 MB unpacked, 20 s, three redirects,
 * none of which may leave the host.
 * @throws FetchFailure
 */
export async function fetchPayload(
  url: string,
  known: Validators | undefined,
  signal: AbortSignal,
): Promise<Fetched | undefined> {
  const headers = new Headers({ 'User-Agent': userAgent, Accept: '*/*' });
  if (known?.etag) headers.set('If-None-Match', known.etag);
  if (known?.lastModified) headers.set('If-Modified-Since', known.lastModified);
  const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await follow(url, headers, within);
    if (response.status === 304) return undefined;
    if (!response.ok) {
      await response.body?.cancel();
      const isBusy = response.status === 429 || response.status === 503;
      throw new FetchFailure(
        'refused',
        `answered ${response.status}`,
        retryAfter(response) ?? (isBusy ? busyMs : undefined),
      );
    }
    const etag = response.headers.get('ETag');
    const lastModified = response.headers.get('Last-Modified');
    return {
      bytes: await read(response),
      validators: { ...(etag && { etag }), ...(lastModified && { lastModified }) },
    };
  } catch (error) {
    if (error instanceof FetchFailure || signal.aborted) throw error;
    throw new FetchFailure('unreachable', inWords(error));
  }
}

async function follow(from: string, headers: Headers, signal: AbortSignal): Promise<Response> {
  let url = new URL(from);
  for (let hops = 0; ; hops++) {
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('Location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    // Whoever can redirect us could otherwise make this server ask its neighbours.
    if (!URL.canParse(location, url) || new URL(location, url).host !== url.host)
      throw new FetchFailure('refused', `wants to be asked at ${location.slice(0, 200)}`);
    if (hops === maxRedirects) throw new FetchFailure('refused', 'redirects again and again');
    url = new URL(location, url);
  }
}

async function read(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > maxBytes) throw new FetchFailure('unusable', `sent more than ${maxBytes / 1e6} MB`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Seconds or a date (RFC 9110 §10.2.3). */
function retryAfter(response: Response): number | undefined {
  const text = response.headers.get('Retry-After');
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return ms > 0 ? ms : undefined;
}

/** Why a request got no answer, in words: the runtime says "fetch failed" and hides the reason in the cause. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `did not answer within ${timeoutMs / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error) {
    const code = 'code' in cause ? String(cause.code) : undefined;
    return `cannot be reached (${code ?? cause.message})`;
  }
  return error.message;
}
