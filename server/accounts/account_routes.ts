import { Hono } from 'hono';
import { originOf } from '../audit/origin.ts';
import { record } from '../audit/record.ts';
import { transaction } from '../database/transaction.ts';
import { described } from '../described.ts';
import type { Parts } from '../parts.ts';
import { Problem } from '../registry/problem.ts';
import type { Role } from '../registry/role.ts';
import { type Grant, viewerOf } from '../registry/viewer.ts';
import { ssoProvider } from './auth.ts';
import { type ChangeStanding, standingOf } from './change_standing.ts';
import { areasNamed, type HeldIn } from './held_in.ts';
import { demandSession, sessionOf } from './middleware.ts';

/** What `GET /api/account` says; the page imports this type. */
export interface AccountInfo {
  /** Null: nobody signed in. */
  readonly person: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly secondFactor: boolean;
    /** Whether this session may change how they come in. */
    readonly changes: ChangeStanding;
  } | null;
  readonly grants: readonly Grant[];
  /** The areas that grants are limited to, with the districts of villages. */
  readonly areas: HeldIn['areas'];
  /** Roles that count only in a session that proved a second factor. */
  readonly withheld: readonly Role[];
  /** May make people and keys. */
  readonly isAdmin: boolean;
  /** A link for a forgotten password can be sent by mail. */
  readonly mails: boolean;
  /** Single sign-on, where it is configured. */
  readonly sso: { readonly provider: string; readonly name: string } | null;
  /** The demo regency's people, with their passwords; nowhere else is there any. */
  readonly demo: readonly {
    readonly name: string;
    readonly email: string;
    readonly role: Role;
    readonly password: string;
  }[];
}

/** A session of the one who asks; instants are ISO texts. */
export interface SessionInfo {
  readonly id: string;
  readonly current: boolean;
  readonly created_at: string;
  readonly last_seen: string;
  readonly address: string | null;
  readonly browser: string | null;
}

/** `/api/account`: who one is, and where one is signed in. */
export function accountRoutes(parts: Parts): Hono {
  const { accounts, config, connection } = parts;
  const { db } = connection;
  const isDemo = config.DEMO;
  const routes = new Hono();
  const info = 'The person and what counts of their roles; `person` is null for a visitor.';
  routes.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });

  routes.get('/', described('Who is signed in', info), async (c) => {
    const viewer = viewerOf(c);
    const session = sessionOf(c);
    const person = session
      ? await db
          .selectFrom('account_user')
          .select('email')
          .where('id', '=', session.viewer.person.id)
          .executeTakeFirst()
      : undefined;
    const demo =
      isDemo && !session
        ? await db
            .selectFrom('account_demo')
            .innerJoin('account_user', 'account_user.email', 'account_demo.email')
            .select(['account_user.name', 'account_demo.email', 'account_demo.role', 'account_demo.password'])
            .execute()
        : [];
    if (session) {
      // Keeps whoever is there signed in: it lengthens the session now and then.
      const kept = await accounts.auth.api.getSession({ headers: c.req.raw.headers, returnHeaders: true });
      // Ended just now, for it goes on under another token: that one is in the browser already, and no answer to this takes it away.
      if (kept.response)
        for (const cookie of kept.headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true });
    }
    const told: AccountInfo = {
      person:
        session && person
          ? {
              ...{ ...session.viewer.person, ...person, secondFactor: session.secondFactor },
              changes: (await standingOf(db, session.id)) ?? 'stale',
            }
          : null,
      grants: viewer.grants,
      areas: await areasNamed(
        db,
        viewer.grants.flatMap(({ areas }) => areas ?? []),
      ),
      withheld: session?.withheld ?? [],
      isAdmin: session !== undefined && viewer.grants.some(isWholeAdmin),
      mails: accounts.mail !== undefined,
      sso: config.OIDC_ISSUER === undefined ? null : { provider: ssoProvider, name: config.OIDC_NAME },
      demo,
    };
    return c.json(told);
  });

  routes.get('/sessions', described('Where one is signed in', '`sessions`, the last used first.'), async (c) => {
    const session = demandSession(c);
    const rows = await db
      .selectFrom('account_session')
      .select(['id', 'createdAt', 'updatedAt', 'ipAddress', 'userAgent'])
      .where('userId', '=', session.viewer.person.id)
      .where('recorded', '=', true)
      .where('expiresAt', '>', new Date())
      .orderBy('updatedAt', 'desc')
      .execute();
    const infos = rows.map(
      (row): SessionInfo => ({
        ...{ id: row.id, current: row.id === session.id, address: row.ipAddress || null, browser: row.userAgent },
        ...{ created_at: row.createdAt.toISOString(), last_seen: row.updatedAt.toISOString() },
      }),
    );
    return c.json({ sessions: infos });
  });

  routes.delete(
    '/sessions/:id',
    described('End one of one’s sessions; `others`: all but this one', 'Ended.', { status: 204 }),
    async (c) => {
      const session = demandSession(c);
      const which = c.req.param('id');
      await transaction(db, async (trx) => {
        const own = trx.deleteFrom('account_session').where('userId', '=', session.viewer.person.id);
        const ended = await (which === 'others' ? own.where('id', '!=', session.id) : own.where('id', '=', which))
          .returning('id')
          .execute();
        if (ended.length === 0 && which !== 'others') throw new Problem('not_found', 'There is no such session.');
        await record(trx, originOf(c, config), { action: 'end_sessions', after: { ended: ended.length } });
      });
      await accounts.changed();
      return c.body(null, 204);
    },
  );
  return routes;
}

/** An admin of everything: one within an agency makes nobody. */
export function isWholeAdmin({ role, agency, areas, polygon }: Grant): boolean {
  return role === 'admin' && agency === undefined && areas === undefined && polygon === undefined;
}
