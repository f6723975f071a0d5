import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type DescribeRouteOptions, describeRoute } from 'hono-openapi';
import { originOf } from '../../audit/origin.ts';
import { record } from '../../audit/record.ts';
import { transaction } from '../../database/transaction.ts';
import { described } from '../../described.ts';
import { ownAnswer } from '../../etag.ts';
import type { Parts } from '../../parts.ts';
import { Problem } from '../../registry/problem.ts';
import { isInside, viewerOf } from '../../registry/viewer.ts';
import { type DoorReport, doorReports } from '../door_meter.ts';
import { isObject } from '../import/row.ts';
import { lostRawPayloads } from '../raw_payload.ts';
import { type FeedReport, feedReports, mayManageFeeds } from './feed_reports.ts';
import { wakeFeeds } from './pull_feeds.ts';
import { makeDue, pauseFeed } from './schedule.ts';

/** Sources are not asked more often than this, whoever wishes it. */
const leastPauseMs = 10_000;
const notStored = { 'Cache-Control': 'no-store' };

/** `GET /api/feeds`. */
export interface SourcesReport {
  readonly feeds: readonly FeedReport[];
  /** The viewer may ask for a pull and switch feeds off. */
  readonly manage: boolean;
  /** For insiders: the doors of devices, in the process that answers. */
  readonly doors?: readonly DoorReport[];
  /** What of the devices' messages is kept as it came (`RAW_PAYLOADS`), and how many of them could not be. */
  readonly raw?: { readonly kept: 'all' | 'rejected' | 'none'; readonly lost: number };
}

/**
 * `GET /api/feeds`: each outside feed, how old what it brought is, when it is asked next, and what went wrong; and the doors
 * of devices. `POST /api/feeds/{id}/pull` has it asked now, `PATCH /api/feeds/{id}` switches it off and on.
 */
export function feedRoutes(parts: Pick<Parts, 'registry' | 'config' | 'connection'>): Hono {
  const { config, connection } = parts;
  const routes = new Hono();
  routes.get(
    '/feeds',
    described(
      'The outside feeds and the doors, and how they go',
      'Each with its age and what went wrong; doors for those inside.',
    ),
    async (c) => {
      const viewer = viewerOf(c);
      const report: SourcesReport = {
        feeds: await feedReports(parts, viewer),
        manage: mayManageFeeds(viewer),
        ...(isInside(viewer) && {
          doors: doorReports(connection),
          raw: { kept: config.RAW_PAYLOADS, lost: lostRawPayloads(connection) },
        }),
      };
      return c.json(report, 200, { 'Cache-Control': ownAnswer });
    },
  );
  routes.post('/feeds/:id/pull', describeRoute(pullDescription), async (c) => {
    const feed = await managed(c, parts);
    if (feed.paused) throw new Problem('conflict', `The feed ${feed.id} is switched off.`);
    const since = Date.now() - Date.parse(feed.lastRun ?? '');
    if (since < leastPauseMs) throw new Problem('too_many', `The feed ${feed.id} was asked a moment ago.`);
    // Being pulled already is as good.
    const due = await transaction(connection.db, async (trx) => {
      const { id, layer } = feed;
      if (!(await makeDue(trx, id))) return false;
      await record(trx, originOf(c, config), { action: 'pull_feed', layer, after: { feed: id } });
      return true;
    });
    if (due) wakeFeeds(connection);
    return c.json({ id: feed.id, due }, 202, notStored);
  });
  routes.patch('/feeds/:id', describeRoute(switchDescription), bodyLimit({ maxSize: 1000 }), async (c) => {
    const feed = await managed(c, parts);
    const body: unknown = await c.req.json().catch(() => undefined);
    const paused = isObject(body) ? body.paused : undefined;
    if (typeof paused !== 'boolean') throw new Problem('bad_request', 'Send {"paused": true} or {"paused": false}.');
    await transaction(connection.db, async (trx) => {
      const { id, layer, paused: before } = feed;
      await pauseFeed(trx, id, paused);
      const change = { before: { feed: id, paused: before }, after: { feed: id, paused } };
      if (paused !== before) await record(trx, originOf(c, config), { action: 'switch_feed', layer, ...change });
    });
    if (!paused) wakeFeeds(connection);
    return c.json({ id: feed.id, paused }, 200, notStored);
  });
  return routes;
}

/** The feed that is spoken of, for who may manage it. Throws `not_found`, `forbidden`, `conflict`. */
async function managed(c: Context, parts: Pick<Parts, 'registry' | 'config' | 'connection'>): Promise<FeedReport> {
  const viewer = viewerOf(c);
  const id = c.req.param('id') ?? '';
  const feed = (await feedReports(parts, viewer)).find((each) => each.id === id);
  if (!feed) throw new Problem('not_found', `There is no feed '${id.slice(0, 60)}'.`);
  if (!mayManageFeeds(viewer)) throw new Problem('forbidden', 'Your role does not manage the feeds.');
  if (!feed.enabled) throw new Problem('conflict', `FEEDS does not name ${feed.id}: it is not pulled by this server.`);
  return feed;
}

const pullDescription: DescribeRouteOptions = {
  summary: 'Have a feed pulled now',
  responses: {
    202: { description: 'It is due; `GET /api/feeds` tells when it is done.' },
    409: { description: 'It is switched off, or `FEEDS` does not name it.' },
    429: { description: 'It was asked less than 10 seconds ago.' },
  },
};

const switchDescription: DescribeRouteOptions = {
  summary: 'Switch a feed off or on',
  requestBody: {
    required: true,
    content: { 'application/json': { schema: { type: 'object' }, example: { paused: true } } },
  },
  responses: { 200: { description: 'Done.' } },
};
