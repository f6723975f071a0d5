import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** What `node:http` finds wrong with a message, and what it is to be answered; anything else is a 400. */
const faults: Readonly<Record<string, { readonly status: number; readonly detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The headers and the address together are too long.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'The extensions of a chunk are too long.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request did not come to its end in time.' },
};

/** Answers what is no HTTP request (the server's `clientError`) with an RFC 9457 body, as every other fault, and hangs up. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Duplex): void {
  // In the middle of another answer nothing can be said.
  if (!socket.writable || ('bytesWritten' in socket && Number(socket.bytesWritten) > 0)) {
    socket.destroy(error);
    return;
  }
  const { status, detail } = faults[error.code ?? ''] ?? { status: 400, detail: 'This is no HTTP request.' };
  const title = STATUS_CODES[status];
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
