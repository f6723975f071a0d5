import { Hono, type MiddlewareHandler } from 'hono';
import { openAPIRouteHandler } from 'hono-openapi';
import { basemapRoutes } from '../tiles/basemap_route.ts';
import { tileRoutes } from '../tiles/route.ts';
import { accountRoutes } from './accounts/account_routes.ts';
import { adminRoutes } from './accounts/admin_routes.ts';
import { authRoutes } from './accounts/auth_routes.ts';
import { viewers } from './accounts/middleware.ts';
import { apiRoutes } from './api.ts';
import { apiDocsRoutes } from './api_docs.ts';
import { denials } from './audit/denials.ts';
import { auditRoutes } from './audit/routes.ts';
import { problemAnswer } from './described.ts';
import { healthRoutes } from './health.ts';
import { ingestRoutes } from './ingest/http.ts';
import { feedRoutes } from './ingest/pull/routes.ts';
import { importRoutes } from './ingest/upload/routes.ts';
import { eventsRoutes } from './live/events_route.ts';
import { stateRoutes } from './live/state_route.ts';
import { metricsRoutes, observe } from './metrics.ts';
import { pageRoutes } from './page.ts';
import type { Parts } from './parts.ts';
import { answerProblem, noSuchAddress } from './problems.ts';
import { actionRoutes } from './registry/actions/routes.ts';
import { editRoutes } from './registry/collections/edit_routes.ts';
import { exportRoutes } from './registry/collections/export_route.ts';
import { ogcRoutes } from './registry/collections/routes.ts';
import { seriesRoutes } from './registry/series_route.ts';
import { headers } from './security.ts';

/** The whole server as one request handler; every URL starts here. `who` finds out who makes a request. */
export function createApp(parts: Parts, who: MiddlewareHandler = viewers(parts)): Hono {
  const app = new Hono();
  app.onError(answerProblem(parts.log, denials(parts)));
  app.notFound(noSuchAddress(app));
  app.use(observe(parts));
  app.use(who);
  app.route('/tiles', tileRoutes(parts)); //       {layers}/{z}/{x}/{y}, {layers}.json
  app.use(headers(parts.config)); //               for all that follows: a tile is no page and says so itself

  app.route('/api', apiRoutes(parts)); //          layers, search
  app.get('/api/openapi.json', openAPIRouteHandler(app, description));
  app.route('/api/docs', apiDocsRoutes()); //      the same, to read
  app.route('/api', stateRoutes(parts)); //        layers/{layer}/state
  app.route('/api', exportRoutes(parts)); //       layers/{layer}/export.geojson, .csv
  app.route('/api', seriesRoutes(parts)); //       layers/{layer}/{id}/series
  app.route('/api', actionRoutes(parts)); //       layers/{layer}/features: what people do with them
  app.route('/api/imports', importRoutes(parts)); // files that people bring in
  app.route('/api/audit', auditRoutes(parts)); //  who did what, for those who oversee it
  app.route('/api', feedRoutes(parts)); //         feeds: outside sources and how they go
  app.route('/api/auth', authRoutes(parts)); //    sign-in, second factors, passkeys
  app.route('/api/account', accountRoutes(parts)); // who one is, one's sessions
  app.route('/api/admin', adminRoutes(parts)); //  people, roles, keys
  app.route('/api/ingest', ingestRoutes(parts)); // observations of devices
  app.route('/events', eventsRoutes(parts)); //    what changes, as it does
  app.route('/ogc', ogcRoutes(parts)); //          OGC API – Features
  app.route('/ogc', editRoutes(parts)); //         the same, Part 4: create, replace, update, delete
  app.route('/basemap', basemapRoutes(parts)); //  PMTiles archives
  app.route('/health', healthRoutes(parts)); //    live, ready
  app.route('/metrics', metricsRoutes(parts)); //  Prometheus
  app.route('/', pageRoutes()); //                 the map
  return app;
}

const description = {
  excludeStaticFile: false, // an address with a dot in it is no file here
  defaultOptions: Object.fromEntries(
    ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => [method, problemAnswer]),
  ),
  documentation: {
    openapi: '3.1.0',
    info: {
      title: 'Pendopo',
      version: '0.1.0',
      description: 'Operations map of a regency: everything is a layer. Collections with filters are under /ogc.',
    },
  },
};
