import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { matchesEtag } from './etag.ts';
import { pageFolder } from './page_build.ts';

/** The map page and its files as `vite build` left them. */
export function pageRoutes(): Hono {
  const routes = new Hono();
  const forever = 'public, max-age=31536000, immutable';
  routes.use('/assets/*', async (c, next) => {
    await next();
    if (c.res.ok) c.header('Cache-Control', forever); // the name of each file holds the hash of what is in it
  });
  routes.use('/assets/*', serveStatic({ root: pageFolder, precompressed: true }));
  routes.get('/', async (c) => {
    const file = `${pageFolder}/index.html`;
    if (!existsSync(file)) return c.text('The page is not built: npm run build', 503);
    const bytes = await readFile(file);
    const etag = `"${hash('sha1', bytes, 'base64url')}"`;
    c.header('ETag', etag);
    c.header('Cache-Control', 'no-cache');
    if (matchesEtag(c.req.header('If-None-Match'), etag)) return c.body(null, 304);
    return c.html(bytes.toString());
  });
  routes.get('/:file{[a-z0-9-]+\\.(svg|png|webmanifest|txt|ico)}', serveStatic({ root: pageFolder }));
  return routes;
}
