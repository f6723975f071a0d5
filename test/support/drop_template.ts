import { dropTemplate } from './database.ts';

/** After the tests on a server: it is as they found it. */
export async function teardown(): Promise<void> {
  await dropTemplate();
}
