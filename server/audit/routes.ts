import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { type DescribeRouteOptions, describeRoute } from 'hono-openapi';
import { serviceKeyOf } from '../accounts/middleware.ts';
import { transaction } from '../database/transaction.ts';
import { described } from '../described.ts';
import type { Parts } from '../parts.ts';
import { Problem } from '../registry/problem.ts';
import { roleIs } from '../registry/role.ts';
import { viewerOf } from '../registry/viewer.ts';
import { type AuditQuery, auditEntries } from './entries.ts';
import { chainHead, exportSeen } from './export_seen.ts';
import { originOf } from './origin.ts';
import { record } from './record.ts';
import { verify } from './verify.ts';

const fresh = { 'Cache-Control': 'no-store' };
const maxLimit = 500;

/**
 * `/api/audit`: the audit trail for those who oversee it. `GET /` entries by person, layer, feature, action and time,
 * newest first; `GET /export` the same as a file, `GET /verify` recomputes the chain. Looking at it is written into it.
 */
export function auditRoutes(parts: Parts): Hono {
  const { connection, registry, config } = parts;
  const routes = new Hono();

  routes.get('/', describeRoute(description), async (c) => {
    const origin = originOf(c, config);
    demandReader(c);
    const query = queryOf(c);
    // Before, so that nobody sees what is not noted.
    const { limit: _limit, ...asked } = query;
    await transaction(connection.db, (trx) => record(trx, origin, { action: 'read_audit', after: { ...asked } }));
    const entries = await auditEntries(connection, registry, origin.viewer, query);
    const last = entries.length === query.limit ? entries.at(-1) : undefined;
    return c.json({ entries, next: last?.n ?? null }, 200, fresh);
  });

  routes.get('/export', describeRoute(exportDescription), async (c) => {
    const origin = originOf(c, config);
    demandReader(c);
    const { limit: _limit, ...asked } = queryOf(c);
    await transaction(connection.db, (trx) => record(trx, origin, { action: 'export_audit', after: { ...asked } }));
    const head = await chainHead(connection); // with the entry of this download
    const sent = Readable.from(exportSeen(connection, registry, origin.viewer, asked, head), { objectMode: false });
    c.header('Content-Type', 'application/x-ndjson');
    c.header('Content-Disposition', `attachment; filename="audit-${new Date().toISOString().slice(0, 10)}.ndjson"`);
    c.header('Cache-Control', 'no-store');
    return c.body(Readable.toWeb(sent) as ReadableStream); // the same stream under its two declarations
  });

  routes.get(
    '/verify',
    described('Recomputes the chain of the audit trail', 'Its head, and the first broken entry if there is one.'),
    async (c) => {
      const origin = originOf(c, config);
      demandReader(c);
      await transaction(connection.db, (trx) => record(trx, origin, { action: 'verify_audit' }));
      return c.json(await verify(connection.db), 200, fresh);
    },
  );
  return routes;
}

/** Unknown and forbidden are the same: who may not look learns nothing of it. A person alone looks; an admin could make a key. */
function demandReader(c: Context): void {
  const { person, grants } = viewerOf(c);
  if (!person || serviceKeyOf(c) || !grants.some(({ role }) => roleIs(role, 'readsAudit')))
    throw new Problem('not_found', 'There is nothing at /api/audit.');
}

function queryOf(c: Context): AuditQuery {
  const { person, layer, feature, action, from, to, before, limit = '50' } = c.req.query();
  const text = (name: string, value: string | undefined) => {
    if (value === undefined || value === '') return {};
    if (value.length > 100 || value.includes('\0')) throw new Problem('bad_request', `'${name}' is a short text.`);
    return { [name]: value };
  };
  const whole = (name: string, value: string | undefined) => {
    if (value === undefined || value === '') return {};
    if (!/^\d{1,15}$/.test(value)) throw new Problem('bad_request', `'${name}' is a whole number.`);
    return { [name]: Number(value) };
  };
  const time = (name: string, value: string | undefined) => {
    if (value === undefined || value === '') return {};
    const at = new Date(value);
    const year = at.getUTCFullYear();
    if (!(year >= 1970 && year <= 9998)) throw new Problem('bad_request', `'${name}' is a time (RFC 3339).`);
    return { [name]: at };
  };
  const most = Number(limit);
  if (!Number.isInteger(most) || most < 1 || most > maxLimit)
    throw new Problem('bad_request', `'limit' is a whole number from 1 to ${maxLimit}.`);
  return {
    ...{ ...text('person', person), ...text('layer', layer), ...text('action', action) },
    ...{ ...whole('feature', feature), ...whole('before', before), ...time('from', from), ...time('to', to) },
    limit: most,
  };
}

const parameter = (name: string, type: string, more = '') => ({
  ...{ name, in: 'query' as const, schema: { type: type as 'string' } },
  ...(more && { description: more }),
});
const filters = [
  parameter('person', 'string', 'a part of the name, or the id'),
  parameter('layer', 'string'),
  parameter('feature', 'integer'),
  parameter('action', 'string'),
  parameter('from', 'string', 'RFC 3339'),
  parameter('to', 'string', 'RFC 3339'),
];
const exportDescription: DescribeRouteOptions = {
  summary: 'Who did what, as a file: an entry a line, newest first, and the head of the chain',
  parameters: filters,
  responses: { 200: { description: 'NDJSON; the last line is `{"head", "entries", "exported"}`.' } },
};
const description: DescribeRouteOptions = {
  summary: 'Who did what, newest first',
  parameters: [...filters, parameter('before', 'integer', '`next` of the page before'), parameter('limit', 'integer')],
  responses: { 200: { description: 'Entries, and `next` for the page after them.' } },
};
