import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { described } from '../server/described.ts';
import type { Parts } from '../server/parts.ts';
import { Problem } from '../server/registry/problem.ts';
import { serveArchive } from './archive.ts';
import { archivePath, inspectBasemaps } from './basemap_choice.ts';
import { builtinBasemap } from './basemap_file.ts';

/** `GET /basemap/{builtin,local,configured}.pmtiles`: archives by range request, also for maps on other origins. */
export function basemapRoutes({ config, log }: Pick<Parts, 'config' | 'log'>): Hono {
  const routes = new Hono();
  const archive = 'A PMTiles archive, by range request.';
  const pmtiles = 'application/vnd.pmtiles';
  void inspectBasemaps(config, log);

  routes.use(
    cors({
      origin: '*',
      allowMethods: ['GET', 'HEAD', 'OPTIONS'],
      allowHeaders: ['Range', 'If-Range', 'If-None-Match'],
      exposeHeaders: ['ETag', 'Accept-Ranges', 'Content-Range', 'Content-Length'],
    }),
  );
  routes.get('/builtin.pmtiles', described('The built-in basemap', archive, { type: pmtiles }), async (c) => {
    const path = await builtinBasemap(config.DATA_DIR).catch((error: unknown) => {
      log.error({ err: error }, 'the built-in basemap could not be drawn');
      throw new Problem('not_ready', 'The built-in basemap could not be drawn.');
    });
    return serveArchive(c, path);
  });
  routes.get(
    '/:file{(?:local|configured)\\.pmtiles}',
    described('A basemap of the operator’s', archive, { type: pmtiles }),
    (c) => {
      const path = archivePath(config, c.req.param('file').slice(0, -'.pmtiles'.length));
      if (!path) throw new Problem('not_found', 'There is no such archive.');
      return serveArchive(c, path);
    },
  );
  return routes;
}
