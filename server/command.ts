import { Problem } from './registry/problem.ts';

/** Where a command says what it did: the console. */
export type Output = Pick<Console, 'log' | 'error'>;

/**
 * Runs a command of ours and says what is wrong. What whoever typed it can repair is one line; anything else is a fault of the
 * program and keeps its trace. @returns the exit code
 */
export async function runCommand({ error: complain }: Pick<Output, 'error'>, run: () => Promise<void>): Promise<0 | 1> {
  try {
    await run();
    return 0;
  } catch (error) {
    complain(isExpected(error) ? error.message : error);
    return 1;
  }
}

function isExpected(error: unknown): error is Error {
  if (error instanceof Problem || (error instanceof Error && error.constructor === Error)) return true;
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
