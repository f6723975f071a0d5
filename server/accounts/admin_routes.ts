import { Hono } from 'hono';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { originOf } from '../audit/origin.ts';
import type { Origin } from '../audit/record.ts';
import type { Database } from '../database/connect.ts';
import { transaction } from '../database/transaction.ts';
import { described } from '../described.ts';
import type { Parts } from '../parts.ts';
import { forbidden } from '../registry/actions/may.ts';
import { Problem } from '../registry/problem.ts';
import { roles } from '../registry/role.ts';
import { viewerOf } from '../registry/viewer.ts';
import { isWholeAdmin } from './account_routes.ts';
import { demandLayers, grantForm, keyForm, personForm } from './forms.ts';
import { heldIn } from './held_in.ts';
import { createKey, listKeys, revokeKey } from './keys_admin.ts';
import { passwordMail, tellOfChange } from './mail.ts';
import { matrix } from './matrix.ts';
import { demandSession } from './middleware.ts';
import {
  createPerson,
  giveRole,
  listPeople,
  newLink,
  personNamed,
  removePerson,
  removeSecondFactors,
  setLocked,
  takeRole,
} from './people.ts';
import { formOf, smallBody } from './request.ts';

const lockForm = z.strictObject({ locked: z.boolean() });

/** `/api/admin`: people, their roles and locks, keys of machines, and who may see what. For admins, signed in as persons. */
export function adminRoutes(parts: Parts): Hono {
  const { accounts, config, connection, registry, log } = parts;
  const { db } = connection;
  const routes = new Hono();
  const done = 'Done, and in the trail.';
  const link = '`id`; `mailed`, or the `link` for the admin to pass on.';
  const locking = described('Lock a person out, or let them in again', done, { body: lockForm, status: 204 });
  routes.use(smallBody, async (c, next) => {
    const { viewer } = demandSession(c);
    if (!viewer.grants.some(isWholeAdmin)) throw forbidden();
    await next();
    c.header('Cache-Control', 'no-store');
  });
  /** One act and its record in one transaction; in effect when it answers. */
  const act = async <T>(origin: Origin, run: (trx: Transaction<Database>, by: Origin) => Promise<T>): Promise<T> => {
    const done = await transaction(db, (trx) => run(trx, origin));
    await accounts.changed();
    return done;
  };
  /** Mails the link to choose a password, or answers it for the admin to pass on. */
  const passOn = async (account: string, link: string) => {
    const { name, email } = await personNamed(db, account);
    if (!accounts.mail) return { id: account, link, mailed: false };
    try {
      await accounts.mail(passwordMail({ to: email, name, link: `${config.PUBLIC_URL}${link}` }));
      return { id: account, link: null, mailed: true };
    } catch (error) {
      log.error({ err: error }, 'a mail could not be sent (SMTP_URL)');
      return { id: account, link, mailed: false };
    }
  };

  routes.get('/people', described('Everybody who has an account', '`people` with their grants and locks.'), async (c) =>
    c.json({ people: await listPeople(db) }),
  );
  routes.post('/people', described('Invite a person', link, { body: personForm, status: 201 }), async (c) => {
    const form = await formOf(c, personForm);
    const made = await act(originOf(c, config), async (trx, by) => {
      const account = await createPerson(trx, by, form);
      return [account, await newLink(trx, by, account)] as const;
    });
    return c.json(await passOn(...made), 201);
  });
  routes.post('/people/:id/link', described('A new link to choose a password', link, { status: 201 }), async (c) => {
    const account = c.req.param('id');
    const link = await act(originOf(c, config), (trx, by) => newLink(trx, by, account));
    return c.json(await passOn(account, link), 201);
  });
  routes.put('/people/:id/locked', locking, async (c) => {
    const { locked } = await formOf(c, lockForm);
    const account = c.req.param('id');
    if (locked && account === viewerOf(c).person?.id)
      throw new Problem('conflict', 'You cannot lock yourself out; another admin can.');
    await act(originOf(c, config), (trx, by) => setLocked(trx, by, account, locked));
    return c.body(null, 204);
  });
  routes.delete(
    '/people/:id/second-factors',
    described('For who lost the telephone', done, { status: 204 }),
    async (c) => {
      const account = c.req.param('id');
      await act(originOf(c, config), (trx, by) => removeSecondFactors(trx, by, account));
      tellOfChange({ mail: accounts.mail, log }, await personNamed(db, account), 'remove_second_factors');
      return c.body(null, 204);
    },
  );
  routes.delete('/people/:id', described('Remove a person for good', done, { status: 204 }), async (c) => {
    const account = c.req.param('id');
    if (account === viewerOf(c).person?.id)
      throw new Problem('conflict', 'You cannot remove yourself; another admin can.');
    const person = await personNamed(db, account);
    await act(originOf(c, config), (trx, by) => removePerson(trx, by, account));
    tellOfChange({ mail: accounts.mail, log }, person, 'remove_account');
    return c.body(null, 204);
  });
  routes.post('/people/:id/grants', described('Give a role', done, { body: grantForm, status: 201 }), async (c) => {
    const form = await formOf(c, grantForm);
    await act(originOf(c, config), (trx, by) => giveRole(trx, by, c.req.param('id'), form));
    return c.body(null, 201);
  });
  routes.delete('/grants/:id{\\d{1,15}}', described('Take a role away', done, { status: 204 }), async (c) => {
    await act(originOf(c, config), (trx, by) => takeRole(trx, by, Number(c.req.param('id'))));
    return c.body(null, 204);
  });
  routes.get(
    '/keys',
    described('Keys of machines', '`keys` with their doors, ends and last use; never the keys themselves.'),
    async (c) => c.json({ keys: await listKeys(db) }),
  );
  routes.post(
    '/keys',
    described('Make a key; it is told this once', '`key`.', { body: keyForm, status: 201 }),
    async (c) => {
      const form = await formOf(c, keyForm);
      demandLayers(registry, form);
      return c.json(await act(originOf(c, config), (trx, by) => createKey(trx, by, form)), 201);
    },
  );
  routes.delete('/keys/:id{\\d{1,15}}', described('Revoke a key', done, { status: 204 }), async (c) => {
    await act(originOf(c, config), (trx, by) => revokeKey(trx, by, Number(c.req.param('id'))));
    return c.body(null, 204);
  });
  routes.get(
    '/held-in',
    described(
      'Agencies and areas that a role can be held in',
      'Names of agencies, codes and names of districts and villages.',
    ),
    async (c) => c.json(await heldIn(db, registry.layers)),
  );
  routes.get(
    '/matrix',
    described('Who sees and changes what', 'A row a layer, a level a role, from the layer files.'),
    (c) => c.json({ roles, layers: matrix(registry.layers) }),
  );
  return routes;
}
