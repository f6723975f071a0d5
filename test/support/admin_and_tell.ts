import { pino } from 'pino';
import { createApp } from '../../server/app.ts';
import { assemble } from '../../server/assemble.ts';
import { config } from '../../server/config.ts';
import { connect } from '../../server/database/connect.ts';
import { AUTH_SECRET } from './auth_secret.ts';
import { nthPassword } from './nth_password.ts';
import { client, password, person, signedIn } from './people.ts';
import { totp } from './totp.ts';

/**
 * A server to be killed: `node admin_and_tell.ts <folder or postgres://…>` invites, gives and takes roles, makes and ends keys and
 * signs in and out without end, as the admin `admin@jember.test`, and says `done <what>` after each. Another person meanwhile changes
 * the password and the second factor; the nth password is {@link nthPassword}.
 */
const [, , target = ''] = process.argv;
const location = target.includes('://') ? { databaseUrl: target, dataDir: '' } : { dataDir: target };
const connection = await connect(location);
const { parts } = await assemble(config({ AUTH_SECRET, ROLE: 'public' }), connection, pino({ level: 'silent' }));
const app = createApp(parts);
const admin = await signedIn(app, 'admin@jember.test');
console.log('open');
const run = `${process.pid}-${Date.now()}`;
await Promise.all([people(), keys(), signIns(), signIns(), ownChanges()]);

async function people(): Promise<void> {
  for (let i = 0; ; i++) {
    const email = `orang-${run}-${i}@jember.test`;
    const { id } = await answered('POST', '/api/admin/people', { email, name: email, grants: [] });
    console.log('done create_account');
    await answered('POST', `/api/admin/people/${id}/grants`, { role: 'agency_head', agency: 'BPBD' });
    console.log('done give_role');
    const found = (await answered('GET', '/api/admin/people')).people.find((each: { id: string }) => each.id === id);
    if (i % 2 === 0) continue;
    await answered('DELETE', `/api/admin/grants/${found.grants[0].id}`);
    console.log('done take_role');
  }
}

async function keys(): Promise<void> {
  for (let i = 0; ; i++) {
    const { id } = await answered('POST', '/api/admin/keys', { name: `alat-${i}`, agency: 'BPBD', doors: ['http'] });
    console.log('done create_key');
    if (i % 2 === 0) continue;
    await answered('DELETE', `/api/admin/keys/${id}`);
    console.log('done revoke_key');
  }
}

async function signIns(): Promise<void> {
  for (let i = 0; ; i++) {
    const browser = client(app);
    const answer = await browser.ask('POST', '/api/auth/sign-in/email', { email: 'admin@jember.test', password });
    if (!answer.ok) throw new Error(await answer.text());
    console.log('done sign_in');
    if (i % 2 === 0) continue;
    await browser.ask('POST', '/api/auth/sign-out', {});
    console.log('done sign_out');
  }
}

async function ownChanges(): Promise<void> {
  const email = `sendiri-${run}@jember.test`;
  await person({ app, parts }, email);
  const { jar } = await signedIn(app, email);
  const change = async (path: string, body: object) => {
    const browser = client(app); // at another address each time: one address may not do this without end
    for (const [name, value] of jar) browser.jar.set(name, value);
    const answer = await browser.ask('POST', `/api/auth/${path}`, body);
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    for (const [name, value] of browser.jar) jar.set(name, value);
    console.log(`done ${path.replace(/\W/g, '_')}`);
    return answer.json();
  };
  for (let i = 0; ; i++) {
    const [was, next] = [i === 0 ? password : nthPassword(i), nthPassword(i + 1)];
    await change('change-password', { currentPassword: was, newPassword: next });
    const { totpURI } = await change('two-factor/enable', { password: next });
    await change('two-factor/verify-totp', { code: totp(new URL(totpURI).searchParams.get('secret')!) });
    await change('two-factor/generate-backup-codes', { password: next });
    await change('two-factor/disable', { password: next });
  }
}

async function answered(method: string, path: string, body?: object) {
  const answer = await admin.ask(method, path, body);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.status === 204 || answer.headers.get('Content-Length') === '0'
    ? undefined
    : JSON.parse((await answer.text()) || 'null');
}
