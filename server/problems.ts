import type { ErrorHandler, Hono, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { allowedMethods } from './allowed_methods.ts';
import type { NoteDenial } from './audit/denials.ts';
import { isAway, sqlState } from './database/database_error.ts';
import { isCollision } from './database/retried.ts';
import { Problem } from './registry/problem.ts';

const mediaType = { 'Content-Type': 'application/problem+json' };
/** When to ask again what there was no time for. */
const retryAfterSeconds = 5;

/**
 * The one place where a failure becomes an answer (RFC 9457); only what is our own fault is logged as an error, and what
 * somebody may not do is noted first.
 */
export function answerProblem(log: Logger, noteDenial: NoteDenial): ErrorHandler {
  return async (error, c) => {
    const problem = problemOf(error);
    if (problem) {
      if (problem.code === 'forbidden') await noteDenial(c);
      log.debug({ path: c.req.path, problem: problem.toJSON() }, 'refused');
      if (problem.status === 503 || problem.status === 429) c.header('Retry-After', String(retryAfterSeconds));
      return c.json(problem.toJSON(), problem.status, { ...mediaType, 'Access-Control-Allow-Origin': '*' });
    }
    if (error instanceof HTTPException) {
      const body = { type: 'about:blank', title: error.message || 'Request failed', status: error.status };
      return c.json(body, error.status, mediaType);
    }
    log.error({ err: error, method: c.req.method, path: c.req.path }, 'request failed');
    const body = {
      type: 'about:blank',
      title: 'Internal error',
      status: 500,
      detail: 'This is a fault of the server; it is in its log.',
    };
    return c.json(body, 500, mediaType);
  };
}

/** What a failure tells its caller; undefined where it is our own fault. */
export function problemOf(error: Error): Problem | undefined {
  if (error instanceof Problem) return error;
  if ('code' in error && error.code === sqlState.statementTimeout)
    return new Problem('timed_out', 'The question took too long to answer. Ask for a smaller area or fewer rows.');
  if ('code' in error && (error.code === sqlState.waitedTooLong || isCollision(error)))
    return new Problem('timed_out', 'The database is busy with other questions. Try again in a moment.');
  if ('code' in error && isAway(String(error.code)))
    return new Problem('not_ready', 'The database does not answer. Whether this was done is not known: ask again.');
  // What `node:http` says of a body whose sender left, or was cut off for being slow: nobody reads this.
  if (error.message === 'aborted' && 'code' in error && error.code === 'ECONNRESET')
    return new Problem('bad_request', 'The body did not come to its end.');
  return undefined;
}

/** The answer for an address that nothing is at, or nothing that answers this method. */
export function noSuchAddress(app: Hono): NotFoundHandler {
  const methodsAt = allowedMethods(app);
  return (c) => {
    const path = c.req.path.slice(0, 200);
    const allowed = methodsAt(c.req.path);
    if (allowed.length === 0 || allowed.includes(c.req.method)) {
      const problem = new Problem('not_found', `There is nothing at ${path}.`);
      return c.json(problem.toJSON(), 404, mediaType);
    }
    const problem = new Problem('method_not_allowed', `${path} answers ${allowed.join(', ')}.`);
    return c.json(problem.toJSON(), 405, { ...mediaType, Allow: allowed.join(', ') });
  };
}
