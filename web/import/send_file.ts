import type { UploadState } from '../../server/ingest/upload/routes.ts';
import { RequestFailed } from '../api/fetch_json.ts';

/**
 * Sends a file to be imported; `progress` is told how many bytes have gone. The one request that `fetch` cannot do: it does
 * not say how far it has come. Throws {@link RequestFailed}.
 */
export function sendFile(
  file: File,
  name: string,
  signal: AbortSignal,
  progress: (sent: number, total: number) => void,
): Promise<UploadState> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/imports?name=${encodeURIComponent(name)}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => progress(loaded, total);
    request.onerror = () => reject(new RequestFailed(0, 'unreachable', 'unreachable'));
    request.onabort = () => reject(signal.reason);
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status === 201) return resolve(answer as unknown as UploadState); // our own server's word
      const { type, detail } = answer;
      const code = typeof type === 'string' ? (type.split(':').at(-1) ?? '') : String(request.status);
      reject(new RequestFailed(request.status, code, typeof detail === 'string' ? detail : request.statusText, answer));
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** A proxy in between may speak HTML. */
function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...Object(JSON.parse(text)) };
  } catch {
    return {};
  }
}
