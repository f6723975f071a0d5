import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { openAccounts } from './accounts/accounts.ts';
import { demandLayers, grantForm, keyForm, personForm } from './accounts/forms.ts';
import { createKey, listKeys, revokeKey } from './accounts/keys_admin.ts';
import { createPerson, giveRole, listPeople, newLink, removePerson, setLocked, takeRole } from './accounts/people.ts';
import { checked } from './accounts/request.ts';
import { type Output, runCommand } from './command.ts';
import { type Config, config } from './config.ts';
import { type Connection, connect } from './database/connect.ts';
import { migrate } from './database/migrate.ts';
import { transaction } from './database/transaction.ts';
import { origin } from './origin.ts';
import { layerFiles, Registry } from './registry/registry.ts';
import { roles } from './registry/role.ts';
import { runtimeLayers } from './registry/runtime_layers.ts';
import { timeZones } from './registry/time_zone.ts';

const usage = `npm run admin -- create <e-mail> [--name <name>] [--role <role>] [--agency <agency>]
                                      an account, and the link to choose its password
npm run admin -- list                 everybody with their roles
npm run admin -- reset <e-mail>       a new link to choose a password
npm run admin -- give-role <e-mail> --role <role> [--agency <agency>] [--areas 35.09.19,35.09.20] [--polygon <file>]
                                      where: codes of districts and villages, an outline as GeoJSON, or both
npm run admin -- take-role <number>   take a role away (its number is in the list)
npm run admin -- lock <e-mail>        and unlock
npm run admin -- remove <e-mail>      for good; asks for the e-mail again first
npm run admin -- create-key --name <name> --agency <agency> [--doors http,mqtt,read,write] [--layers a,b] [--role <role>]
                                      [--until 2027-06-30] the last day it works, by the regency's clock; else without an end
npm run admin -- list-keys            keys of machines with their numbers
npm run admin -- revoke-key <number>  end a key, for ever

Roles: ${roles.filter((role) => role !== 'public').join(', ')}`;

/** Whoever sits at the machine: there is nobody above to ask. */
const by = { viewer: { grants: [{ role: 'admin' as const }], person: { id: 'command', name: 'npm run admin' } } };

interface Open {
  readonly settings: Config;
  readonly connection: Connection;
  readonly output: Output;
}

/**
 * `npm run admin`: accounts from the command line, for the first admin and for emergencies.
 * @returns the exit code; what is wrong was said as an error
 */
export async function adminCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  output: Output,
): Promise<0 | 1> {
  return runCommand(output, () => main(args, config(environment), output));
}

async function main(args: readonly string[], settings: Config, output: Output): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: Object.fromEntries(
      ['name', 'role', 'agency', 'areas', 'polygon', 'doors', 'layers', 'until'].map((name) => [
        name,
        { type: 'string' as const },
      ]),
    ),
  });
  const [command = '', subject = ''] = positionals;
  const connection = await connect({ databaseUrl: settings.DATABASE_URL, dataDir: settings.DATA_DIR });
  try {
    await migrate(connection);
    const accounts = await openAccounts(settings, connection, pino({ level: 'warn' }));
    await run({ settings, connection, output }, command, subject, values).finally(accounts.close);
  } finally {
    await connection.close();
  }
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

async function run(open: Open, command: string, subject: string, values: Values): Promise<void> {
  const { db } = open.connection;
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const list = (name: string) => text(name)?.split(',');
  switch (command) {
    case 'create': {
      const grant = given({ role: text('role') ?? 'admin', agency: text('agency') });
      const person = checked({ email: subject, name: text('name') ?? subject, grants: [grant] }, personForm);
      const link = await transaction(db, async (trx) => newLink(trx, by, await createPerson(trx, by, person)));
      return showLink(open, link, person.email);
    }
    case 'list':
      for (const { name, email, locked_at, grants } of await listPeople(db)) {
        open.output.log(`${email}  ${name}${locked_at === null ? '' : '  (locked)'}`);
        for (const { id, role, agency, areas, polygon, expires_at } of grants)
          open.output.log(
            `  ${id}: ${[role, agency, areas?.join(' '), polygon && 'in a polygon', expires_at && `until ${expires_at}`].filter(Boolean).join(', ')}`,
          );
      }
      return;
    case 'reset': {
      const id = await idOf(open, subject);
      return showLink(open, await transaction(db, (trx) => newLink(trx, by, id)), subject);
    }
    case 'give-role': {
      const file = text('polygon');
      const polygon = file === undefined ? undefined : await readGeoJson(file);
      const form = { role: text('role'), agency: text('agency'), areas: list('areas'), polygon };
      const grant = checked(given(form), grantForm);
      const id = await idOf(open, subject);
      return transaction(db, (trx) => giveRole(trx, by, id, grant));
    }
    case 'take-role': {
      const id = numberOf(subject);
      return transaction(db, (trx) => takeRole(trx, by, id));
    }
    case 'lock':
    case 'unlock': {
      const id = await idOf(open, subject);
      return transaction(db, (trx) => setLocked(trx, by, id, command === 'lock'));
    }
    case 'remove': {
      const id = await idOf(open, subject);
      const answer =
        await asked(`${subject} is removed for good: account, roles, passwords, passkeys and sessions are gone, and what waits
for a second person is withdrawn. The audit trail stays whole and names them no more. This cannot be taken back.
Type the e-mail again to go on: `);
      if (answer.trim().toLowerCase() !== subject.toLowerCase()) throw new Error('Nobody was removed.');
      return transaction(db, (trx) => removePerson(trx, by, id));
    }
    case 'create-key': {
      const form = { name: text('name'), agency: text('agency'), role: text('role'), layers: list('layers') };
      const until = text('until');
      // As the page takes a day: it is the last.
      const expires_at = until && `${until}T23:59:59${timeZones[open.settings.TIMEZONE].offset}`;
      const wanted = checked(given({ ...form, expires_at, doors: list('doors') ?? ['http', 'mqtt'] }), keyForm);
      demandLayers(new Registry([...(await layerFiles()), ...(await runtimeLayers(db))]), wanted);
      const { key } = await transaction(db, (trx) => createKey(trx, by, wanted));
      open.output.log(`${key}\n\nIt is not kept: copy it now.`);
      return;
    }
    case 'list-keys':
      for (const { id, name, agency, prefix, revoked_at, expires_at } of await listKeys(db)) {
        const until = expires_at === null ? '' : `, until ${expires_at.toISOString()}`;
        open.output.log(`${id}: ${prefix}…  ${name}, ${agency}${until}${revoked_at === null ? '' : '  (revoked)'}`);
      }
      return;
    case 'revoke-key': {
      const id = numberOf(subject);
      return transaction(db, (trx) => revokeKey(trx, by, id));
    }
    default:
      throw new Error(usage);
  }
}

/** What somebody answers; nothing where nobody can. */
async function asked(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await new Promise((resolve) => {
      lines.once('close', () => resolve(''));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}

function showLink({ settings, output }: Open, link: string, email: string): void {
  const here = settings.PUBLIC_URL ?? origin(settings.HOST, settings.PORT);
  output.log(`${email} chooses a password here, within 24 hours, once:\n\n  ${here}${link}\n`);
}

async function idOf({ connection }: Open, email: string): Promise<string> {
  const { db } = connection;
  const person = await db
    .selectFrom('account_user')
    .select('id')
    .where('email', '=', email.toLowerCase())
    .executeTakeFirst();
  if (!person) throw new Error(`There is no account for "${email}".\n\n${usage}`);
  return person.id;
}

/** A form of what was said on the command line: what was not is not in it. */
function given(form: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
}

/** Throws with what is wrong with the file, in words. */
async function readGeoJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : error}`);
  }
}

function numberOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(usage);
  return Number(text);
}
