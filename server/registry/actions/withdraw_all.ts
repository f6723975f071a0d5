import { sql, type Transaction } from 'kysely';
import { type Origin, record } from '../../audit/record.ts';
import type { Database } from '../../database/connect.ts';

/** Withdraws whatever a person asked a second one for, each with its entry, and forgets their name beside what was decided. */
export async function withdrawAll(trx: Transaction<Database>, by: Origin, account: string): Promise<void> {
  const { rows } = await sql<{ id: number; layer: string; feature: number; confirms: number; case_id: string | null }>`
    select id, layer, feature, asked_audit as confirms, case_id from pending_action
    where asked_by = ${account} and decided is null and expires_at > now() order by id for update`.execute(trx);
  for (const { id, layer, feature, confirms, case_id } of rows) {
    const caseId = case_id ?? undefined;
    const audit = await record(trx, by, { action: 'withdraw', layer, feature, confirms, caseId });
    await sql`update pending_action set decided = 'withdrawn', decided_at = now(), decided_audit = ${audit}::bigint
      where id = ${id}::bigint`.execute(trx);
  }
  await sql`update pending_action set asked_name = '' where asked_by = ${account}`.execute(trx);
}
