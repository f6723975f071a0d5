import type { Done } from '../../server/registry/actions/acting.ts';
import type { ManyDone } from '../../server/registry/actions/bulk.ts';
import { fetchJson } from '../api/fetch_json.ts';

/** What is said with an act. */
interface ActBody {
  readonly input?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
}

/** The same for many features. */
interface ManyBody extends ActBody {
  readonly features: readonly { readonly id: number; readonly version: number }[];
  readonly preview: boolean;
}

const manyTimeoutMs = 120_000;

/** Does something: `seen` is the version that was seen, where there is one. Throws RequestFailed. */
export function sendAct(path: string, body: ActBody & { readonly preview?: true }, seen?: number): Promise<Done> {
  const headers = seen === undefined ? {} : { 'if-match': `"${seen}"` };
  return fetchJson<Done>(path, { method: 'POST', body, headers });
}

/** Does something with many features, or tries it. Throws RequestFailed where none was even tried. */
export function sendMany(path: string, body: ManyBody): Promise<ManyDone> {
  return fetchJson<ManyDone>(path, { method: 'POST', body, timeoutMs: manyTimeoutMs });
}

/** The address of an action on a feature. */
export function actAddress(layer: string, id: number, action: string): string {
  return `/api/layers/${layer}/features/${id}/${action}`;
}
