import { QueryClient } from '@tanstack/react-query';
import { RequestFailed } from './fetch_json.ts';

/** A refusal (4xx) will be refused again; everything else is tried again, ever more slowly, up to every 15 s. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A control room's network may have no internet: the browser's idea of being online does not matter.
      networkMode: 'always',
      staleTime: 10_000,
      retry: (_count, error) => !(error instanceof RequestFailed && error.status >= 400 && error.status < 500),
      retryDelay: (count) => Math.min(1000 * 2 ** count, 15_000),
    },
  },
});
