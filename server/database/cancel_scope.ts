import { AsyncLocalStorage } from 'node:async_hooks';

/** Set around questions that somebody waits for: when he is gone, the server PostgreSQL is told to stop at them. */
export const cancelScope = new AsyncLocalStorage<AbortSignal | undefined>();
