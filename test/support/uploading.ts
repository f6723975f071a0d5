import type { Hono } from 'hono';
import type { UploadState } from '../../server/ingest/upload/routes.ts';
import type { Door } from './acting.ts';

type Answered = Omit<UploadState, 'job'> & {
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer
  readonly job: { readonly state: string; readonly step?: string; readonly result?: any; readonly problem?: any };
};

/** Sends a file as the page does. */
export async function sendFile(app: Hono, name: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  return app.request(`/api/imports?name=${encodeURIComponent(name)}`, { method: 'POST', body });
}

/** Sends a file; its id. Throws when it was refused. */
export async function uploaded(
  { app }: Pick<Door, 'app'>,
  name: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<string> {
  const response = await sendFile(app, name, body);
  if (response.status !== 201) throw new Error(`not taken: ${response.status} ${await response.text()}`);
  return (await response.json()).id;
}

/** Begins a step and waits for its end. Throws when it was not begun. */
export async function step(door: Door, id: string, name: string, form: object = {}): Promise<Answered['job']> {
  const begun = await door.post(`/api/imports/${id}/${name}`, form);
  if (begun.status !== 202) throw new Error(`not begun: ${begun.status} ${await begun.text()}`);
  return ended(door, id);
}

/** Waits until nothing is done with an upload. */
export async function ended(door: Door, id: string): Promise<Answered['job']> {
  for (;;) {
    const { job }: Answered = await (await door.get(`/api/imports/${id}`)).json();
    if (job.state !== 'running') return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
