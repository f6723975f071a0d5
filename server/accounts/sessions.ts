import type { ServerResponse } from 'node:http';
import type { MultiPolygon } from 'geojson';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { type Role, roleIs, roles } from '../registry/role.ts';
import type { Grant, Viewer } from '../registry/viewer.ts';
import { signedText } from './signed_cookie.ts';

/** How old what is known of a session may be, in milliseconds. The doorbell is faster; it may be lost. */
const keptMs = 5_000;
const mostKept = 10_000;

/** A session that holds. */
export interface Session {
  readonly id: string;
  readonly viewer: Viewer & { readonly person: NonNullable<Viewer['person']> };
  /** Two-step verification is set up. */
  readonly secondFactor: boolean;
  /** Roles the person holds that count only in a session that proved a second factor, where this one did not. */
  readonly withheld: readonly Role[];
}

/** Who is signed in by which cookie, remembered for some seconds, and the streams that end when that changes. */
export class Sessions {
  readonly #db: Kysely<Database>;
  readonly #secret: string;
  readonly #demandsSecond: boolean;
  readonly #known = new Map<string, { readonly until: number; readonly session: Promise<Session | undefined> }>();
  readonly #streams = new Map<string, { readonly seen: string; readonly responses: Set<ServerResponse> }>();

  /** `demandsSecond`: what acts, or sees more than the public, needs a second factor. */
  constructor(db: Kysely<Database>, secret: string, { demandsSecond }: { readonly demandsSecond: boolean }) {
    this.#db = db;
    this.#secret = secret;
    this.#demandsSecond = demandsSecond;
  }

  /** The session of a cookie's value, if it is ours, holds, and its person is not locked; at most 5 s old. */
  async of(cookie: string): Promise<Session | undefined> {
    const now = Date.now();
    const known = this.#known.get(cookie);
    if (known && known.until > now) return known.session;
    const token = signedText(cookie, this.#secret);
    if (token === undefined) return undefined;
    if (this.#known.size >= mostKept) this.#known.clear();
    const entry = { until: now + keptMs, session: this.#read(token) };
    this.#known.set(cookie, entry);
    entry.session.catch(() => {
      if (this.#known.get(cookie) === entry) this.#known.delete(cookie); // the caller is told; the next one asks again
    });
    return entry.session;
  }

  /** A session that has just begun, before the trail says so and it counts. */
  async begun(db: Kysely<Database>, cookie: string): Promise<Session | undefined> {
    const token = signedText(cookie, this.#secret);
    return token === undefined ? undefined : (await this.#readAll([token], sql`true`, db)).get(token);
  }

  /** Ends a stream when its session ends or its person may see something else: the client comes back as what it is then. */
  watch(cookie: string, session: Session, response: ServerResponse): void {
    const token = signedText(cookie, this.#secret);
    if (token === undefined) return;
    const watched = this.#streams.get(token) ?? { seen: JSON.stringify(session.viewer), responses: new Set() };
    this.#streams.set(token, watched);
    watched.responses.add(response);
    response.once('close', () => {
      watched.responses.delete(response);
      if (watched.responses.size === 0 && this.#streams.get(token) === watched) this.#streams.delete(token);
    });
  }

  /** Forgets what was remembered: the next request asks the database. */
  forget(): void {
    this.#known.clear();
  }

  /** Ends the streams of who may no longer see what they were opened with. */
  async review(): Promise<void> {
    const streams = [...this.#streams];
    if (streams.length === 0) return;
    const sessions = await this.#readAll(streams.map(([token]) => token));
    for (const [token, { seen, responses }] of streams) {
      const session = sessions.get(token);
      if (session && JSON.stringify(session.viewer) === seen) continue;
      // Its stream may have ended meanwhile, and another have begun.
      if (this.#streams.get(token)?.responses === responses) this.#streams.delete(token);
      for (const response of responses) response.end();
    }
  }

  async #read(token: string): Promise<Session | undefined> {
    return (await this.#readAll([token])).get(token);
  }

  /** The sessions that hold, by token. */
  async #readAll(
    tokens: readonly string[],
    which = sql`session.recorded`,
    db = this.#db,
  ): Promise<ReadonlyMap<string, Session>> {
    const { rows } = await sql<Row>`
      select session.token, session.id, person.id as person, person.name, coalesce(person."twoFactorEnabled", false) as second_factor, session.strong,
        (select coalesce(json_agg(json_build_object('role', role, 'agency', agency, 'areas', areas,
          'polygon', ${grantPolygon}) order by id), '[]')
          from account_grant where user_id = person.id and (expires_at is null or expires_at > now())) as grants
      from account_session session join account_user person on person.id = session."userId"
      where session.token in (select json_array_elements_text(${JSON.stringify(tokens)}::text::json)) and session."expiresAt" > now() and person."lockedAt" is null and ${which}`.execute(
      db,
    );
    return new Map(rows.map((row) => [row.token, sessionIn(row, this.#demandsSecond)]));
  }
}

/** The outline of a row of `account_grant`, as GeoJSON with all the digits that it is stored with. */
export const grantPolygon = sql<MultiPolygon | null>`st_asgeojson(polygon, 7)::json`;

/** What somebody may be, by the rows of `account_grant` that hold; without any a citizen. */
export function grantsIn(stored: Row['grants']): readonly Grant[] {
  const held = stored
    .filter(({ role }) => roles.includes(role)) // one of another release grants nothing here
    .map(
      ({ role, agency, areas, polygon }): Grant => ({
        role,
        ...(agency !== null && { agency }),
        ...(areas !== null && { areas }),
        ...(polygon !== null && { polygon }),
      }),
    );
  return held.length > 0 ? held : [{ role: 'citizen' }];
}

function sessionIn({ id, person, name, second_factor, strong, grants }: Row, demandsSecond: boolean): Session {
  const isWithheld = ({ role }: Pick<Grant, 'role'>) =>
    demandsSecond && !strong && roles.includes(role) && roleIs(role, 'needsSecondFactor');
  const [withheld, held] = [grants.filter(isWithheld), grants.filter((grant) => !isWithheld(grant))];
  return {
    id,
    viewer: { grants: grantsIn(held), person: { id: person, name } },
    secondFactor: second_factor,
    withheld: [...new Set(withheld.map(({ role }) => role))],
  };
}

interface Row {
  token: string;
  id: string;
  person: string;
  name: string;
  second_factor: boolean;
  strong: boolean;
  grants: { role: Grant['role']; agency: string | null; areas: string[] | null; polygon: MultiPolygon | null }[];
}
