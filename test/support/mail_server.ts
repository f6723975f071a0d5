import { createServer } from 'node:net';
import { afterAll } from 'vitest';

/** A mail server on a free port that keeps what it is sent (RFC 5321, without TLS); ends with the test file. */
export interface MailServer {
  readonly url: string;
  /** Messages as they came, newest last. */
  readonly mails: string[];
}

export async function mailServer(): Promise<MailServer> {
  const mails: string[] = [];
  const server = createServer((socket) => {
    let text = '';
    let inData = false;
    socket.on('error', () => {});
    socket.write('220 mail.test\r\n');
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      for (;;) {
        const end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) mails.push(line);
        const wasData = inData;
        inData = !wasData && /^DATA$/i.test(line);
        socket.write(inData ? '354 go on\r\n' : /^QUIT$/i.test(line) ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the mail server has no port');
  return { url: `smtp://127.0.0.1:${address.port}`, mails };
}
