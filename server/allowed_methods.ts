import type { Hono } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';

/**
 * The methods that the routes of an app answer at a path, empty where nothing is. The routes are read at the first
 * question, when all of them are there.
 */
export function allowedMethods(app: Hono): (path: string) => readonly string[] {
  let router: TrieRouter<string> | undefined;
  return (path) => {
    router ??= routerOf(app);
    return [...new Set(router.match('ALL', path)[0].map(([method]) => method))];
  };
}

function routerOf(app: Hono): TrieRouter<string> {
  const router = new TrieRouter<string>();
  for (const { method, path } of app.routes) {
    // What runs for every method, or stands in for a whole folder, does not say that something is at an address.
    if (method === 'ALL' || path.endsWith('*')) continue;
    for (const each of method === 'GET' ? ['GET', 'HEAD'] : [method]) router.add('ALL', path, each);
  }
  return router;
}
