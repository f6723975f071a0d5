import type { UploadState } from '../../server/ingest/upload/routes.ts';
import type { Imported, Surveyed } from '../../server/ingest/upload/steps.ts';
import type { Step } from '../../server/ingest/upload/uploads.ts';
import { fetchJson, RequestFailed } from '../api/fetch_json.ts';
import { queryClient } from '../api/query_client.ts';
import { map, pageState } from '../page.ts';
import { showLayer } from '../panels/actions.ts';
import { flyTo } from '../panels/fly_to.ts';
import { openPanel } from '../panels/ui.ts';
import { type Store, store } from '../state.ts';
import { extentOf } from './extent.ts';
import { sendFile } from './send_file.ts';
import { formOf, guessedFor, noWish, openingOf, type Wish } from './wish.ts';
import { oneFile } from './zip_files.ts';

/** How far the import of a file has come on this page. */
export interface Importing {
  /** `choose`: no file yet; `map`: what goes where; `tried`: what would happen; `done`: what did. */
  readonly at: 'choose' | 'send' | 'map' | 'tried' | 'done';
  readonly fileName: string;
  readonly id: string | null;
  /** What the server, or the line, is at; null: nothing. */
  readonly busy: Step | 'send' | null;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly survey: Surveyed | null;
  readonly wish: Wish;
  readonly result: Imported | null;
  /** Why the last step was not done. */
  readonly failure: unknown;
  /** Somebody wants to give up: asked before anything is lost. */
  readonly leaving: boolean;
}

const nothing: Importing = {
  ...{ at: 'choose', fileName: '', id: null, busy: null, progress: null, survey: null },
  ...{ wish: noWish, result: null, failure: null, leaving: false },
};

/** The one import of the page; it lives on while other panels are open. */
export const importing: Store<Importing> = store<Importing>(nothing);

const pollMs = 400;
const againMs = 2_000;
const mostTries = 150;
/** Ends what is under way when the import is given up. */
let stop = new AbortController();

/** Whether there is something that would be lost. */
export function isUnderWay(): boolean {
  const { at, survey, failure } = importing.get();
  const isUnreadable = at === 'map' && survey === null && failure !== null;
  return at !== 'choose' && at !== 'done' && !isUnreadable;
}

addEventListener('beforeunload', (event) => {
  if (isUnderWay()) event.preventDefault();
});

/** Begins with files that were dropped or chosen: one, or the parts of a Shapefile. */
export async function begin(files: readonly File[]): Promise<void> {
  openPanel('import');
  if (isUnderWay()) return importing.set({ leaving: true });
  await forget();
  const file = await oneFile(files);
  if (!file) return importing.set({ failure: new RequestFailed(400, 'several_files', '') });
  importing.set({ at: 'send', fileName: file.name, busy: 'send' });
  await attempt(async (signal) => {
    const progress = (done: number, total: number) => importing.set({ progress: { done, total } });
    const { id } = await sendFile(file, file.name, signal, progress);
    importing.set({ id });
    await survey();
  });
  // Not taken: another may be chosen.
  if (importing.get().id === null && importing.get().at === 'send') importing.set({ at: 'choose' });
}

/** Reads the file through with the options of now; the mapping is guessed anew. */
export async function survey(): Promise<void> {
  const { wish } = importing.get();
  await attempt(async (signal) => {
    importing.set({ at: 'map' });
    const found = await run<Surveyed>('survey', openingOf(wish), signal);
    const layer = found.layers.some((each) => each.layer === wish.layer) ? wish.layer : (found.layer ?? '');
    importing.set({ survey: found, wish: { ...wish, layer, goes: guessedFor(found, layer), kinds: {} } });
  });
}

/** Tells what the import would do, and shows it on the map. */
export async function tryOut(attributes: readonly string[]): Promise<void> {
  await attempt(async (signal) => {
    const result = await run<Imported>('try', formOf(importing.get().wish, attributes), signal);
    importing.set({ at: 'tried', result });
    map.draft(result.preview ?? null);
    const extent = result.preview && extentOf(result.preview);
    if (extent) flyTo(extent);
  });
}

/** Does it. */
export async function commit(attributes: readonly string[]): Promise<void> {
  await attempt(async (signal) => {
    const result = await run<Imported>('commit', formOf(importing.get().wish, attributes), signal);
    importing.set({ at: 'done', result });
    map.draft(null);
    await queryClient.invalidateQueries();
    showLayer(pageState, result.layer);
    // A layer that was made now is known to the server a moment later.
    setTimeout(() => void queryClient.invalidateQueries({ queryKey: ['catalogue'] }), againMs);
  });
}

/** Back to what goes where. */
export function reconsider(): void {
  map.draft(null);
  importing.set({ at: 'map', result: null, failure: null });
}

/** Gives up: the server forgets the file, and nothing was changed. */
export async function forget(): Promise<void> {
  const { id } = importing.get();
  stop.abort(new Error('given up'));
  stop = new AbortController();
  map.draft(null);
  importing.set(nothing);
  if (id !== null) await fetchJson(`/api/imports/${id}`, { method: 'DELETE' }).catch(() => {}); // it expires by itself
}

/** Runs a step of the server's to its end; it answers what came of it. */
async function run<T>(step: Step, form: object, signal: AbortSignal): Promise<T> {
  const { id } = importing.get();
  importing.set({ busy: step, progress: null });
  let state = await fetchJson<UploadState>(`/api/imports/${id}/${step}`, { method: 'POST', body: form, signal });
  while (state.job.state === 'running') {
    const { done, total } = state.job;
    importing.set({ progress: total > 0 ? { done, total } : null });
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    state = await told(id, signal);
  }
  const { job } = state;
  if (job.state === 'done') return job.result as T; // of this step, which nobody else begins
  const { status, detail, type, ...more } =
    job.state === 'failed' ? job.problem : { status: 404, detail: '', type: 'not_found' };
  throw new RequestFailed(status, type.split(':').at(-1) ?? '', detail, more);
}

/** How the import goes. A server that is busy with it, or a line that is away for a while, is asked again. */
async function told(id: string | null, signal: AbortSignal): Promise<UploadState> {
  for (let tries = 1; ; tries++) {
    try {
      return await fetchJson<UploadState>(`/api/imports/${id}`, { signal });
    } catch (error) {
      const passes = error instanceof RequestFailed && (error.status === 0 || error.status === 503);
      if (!passes || tries === mostTries) throw error;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}

async function attempt(act: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { signal } = stop;
  importing.set({ failure: null, leaving: false });
  try {
    await act(signal);
  } catch (failure) {
    if (!signal.aborted) importing.set({ failure });
  } finally {
    if (!signal.aborted) importing.set({ busy: null, progress: null });
  }
}
