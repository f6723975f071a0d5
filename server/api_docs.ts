import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';
import { html } from 'hono/html';

/** Swagger UI as its package ships it, served from here: the page works without any network. */
const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const assets: Readonly<Record<string, string>> = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
};
/** The page's own script: a file, because inline scripts are forbidden. */
const start = `const { url } = document.currentScript.dataset;
window.ui = SwaggerUIBundle({ url, dom_id: '#api', deepLinking: true, tryItOutEnabled: true });\n`;

/** A readable page of an OpenAPI description at `url`. */
export function apiPage(title: string, url: string) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
  </head>
  <body>
    <main id="api"></main>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js" data-url="${url}"></script>
  </body>
</html>`;
}

/** `GET /api/docs` and the files it is made of. */
export function apiDocsRoutes(): Hono {
  const routes = new Hono();
  routes.get('/', (c) => c.html(apiPage('Pendopo API', '/api/openapi.json')));
  routes.get('/start.js', (c) => c.body(start, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }));
  for (const [file, type] of Object.entries(assets)) {
    routes.get(`/${file}`, async (c) => {
      const bytes = await readFile(join(folder, file));
      return c.body(new Uint8Array(bytes), 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=86400' });
    });
  }
  return routes;
}
