import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Config } from './config.ts';

/** Headers that keep a browser from doing what the page never asks for; the basemap's host is the only foreign one. */
export function headers(config: Config): MiddlewareHandler {
  const basemap = config.BASEMAP_URL && URL.canParse(config.BASEMAP_URL) ? [new URL(config.BASEMAP_URL).origin] : [];
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      // Mantine and OpenLayers set style attributes; style elements they add carry no user text.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:', ...basemap],
      connectSrc: ["'self'", ...basemap],
      fontSrc: ["'self'", 'data:'],
      workerSrc: ["'self'", 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      frameAncestors: ["'self'"],
      formAction: ["'self'"],
    },
    // Tiles and collections are read by maps on other origins; each such route says so with CORS.
    crossOriginResourcePolicy: 'cross-origin',
    // Tells another origin where the page is and not what it shows; public tile servers refuse whoever says nothing.
    referrerPolicy: 'strict-origin-when-cross-origin',
    // Over plain HTTP in a control room it means nothing.
    strictTransportSecurity: config.PUBLIC_URL?.startsWith('https:') ? 'max-age=31536000; includeSubDomains' : false,
  });
}
