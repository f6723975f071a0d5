import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../database/connect.ts';
import { transaction } from '../database/transaction.ts';

/** What a run answers, in one transaction: an answer that refuses (400 and up) has changed nothing. */
export async function keptIfOk(
  db: Kysely<Database>,
  run: (trx: Transaction<Database>) => Promise<Response>,
): Promise<Response> {
  try {
    return await transaction(db, async (trx) => {
      const response = await run(trx);
      if (!response.ok) throw new Refused(response);
      return response;
    });
  } catch (error) {
    if (error instanceof Refused) return error.response;
    throw error;
  }
}

/** Takes back what was done before it was refused. */
class Refused extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super(`refused with ${response.status}`);
    this.response = response;
  }
}
