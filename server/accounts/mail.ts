import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import { actTitle } from '../audit/titles.ts';
import type { Config } from '../config.ts';

/** A mail in both languages of the house. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}
export type SendMail = (mail: Mail) => Promise<void>;

/** Sends mail by `SMTP_URL`; undefined where none is configured. What it sends fails with the server's own words. */
export function mailer({ SMTP_URL, MAIL_FROM }: Config): SendMail | undefined {
  if (SMTP_URL === undefined) return undefined;
  const transport = createTransport({ url: SMTP_URL, connectionTimeout: 10_000, socketTimeout: 20_000 });
  return async ({ to, subject, text }) => void (await transport.sendMail({ from: MAIL_FROM, to, subject, text }));
}

/** The mail that brings somebody the link to choose a password. */
export function passwordMail({ to, name, link }: { to: string; name: string; link: string }): Mail {
  return {
    to,
    subject: 'Pendopo: kata sandi Anda / your password',
    text: [
      `${name},`,
      '',
      'Buka tautan ini untuk membuat kata sandi Pendopo. Tautan berlaku 24 jam dan hanya sekali:',
      'Open this link to choose your Pendopo password. It holds for 24 hours and once:',
      '',
      link,
      '',
      'Tidak memintanya? Abaikan pesan ini; tidak ada yang berubah.',
      'You did not ask for it? Ignore this message; nothing changes.',
    ].join('\n'),
  };
}

/** The mail that tells somebody that how they come in was changed, so that one whose account was taken over learns of it. */
function changeMail({ to, name, act }: { to: string; name: string; act: string }): Mail {
  const title = actTitle(undefined, act);
  return {
    to,
    subject: 'Pendopo: akun Anda diubah / your account was changed',
    text: [
      `${name},`,
      '',
      `Cara masuk akun Pendopo Anda diubah: ${title?.id ?? act}.`,
      `How you come into your Pendopo account was changed: ${title?.en ?? act}.`,
      '',
      'Bukan Anda? Segera hubungi admin.',
      'It was not you? Tell an admin at once.',
    ].join('\n'),
  };
}

/** Tells somebody by mail of such a change, where mail can be sent; nobody waits for it, and that it failed is logged. */
export function tellOfChange(
  { mail, log }: { readonly mail: SendMail | undefined; readonly log: Logger },
  { email, name }: { readonly email: string; readonly name: string },
  act: string,
): void {
  mail?.(changeMail({ to: email, name, act })).catch((error: unknown) =>
    log.error({ err: error }, 'a mail could not be sent (SMTP_URL)'),
  );
}
