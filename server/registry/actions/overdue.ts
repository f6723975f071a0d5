import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Logger } from 'pino';
import { type Origin, record } from '../../audit/record.ts';
import type { Database } from '../../database/connect.ts';
import { transaction } from '../../database/transaction.ts';

const minuteMs = 60_000;
const mostAtOnce = 500;
/** Nobody did it: the time was over. */
const nobody: Origin = { viewer: { grants: [] } };

/** Ends what waited too long for a second person to do `action` with a feature, with its entry. */
export function endOverdue(trx: Transaction<Database>, layer: string, feature: number, action: string): Promise<void> {
  const which = sql`layer = ${layer} and feature = ${feature}::bigint and action = ${action}`;
  return end(trx, sql`${which} for update`);
}

/** Ends whatever waited too long for a second person, each with its entry, at once and every minute. Returns how to stop. */
export function endOverdueRegularly(db: Kysely<Database>, log: Logger): () => void {
  const look = () =>
    void endAllOverdue(db).catch((err: unknown) =>
      log.warn({ err }, 'what waited too long for a second person was not ended; tried again'),
    );
  look();
  const timer = setInterval(look, minuteMs).unref();
  return () => clearInterval(timer);
}

/** Ends whatever waited too long, but for what another process ends or somebody decides this moment. */
export function endAllOverdue(db: Kysely<Database>): Promise<void> {
  return transaction(db, (trx) => end(trx, sql`true order by id limit ${sql.lit(mostAtOnce)} for update skip locked`));
}

async function end(trx: Transaction<Database>, which: RawBuilder<unknown>): Promise<void> {
  const { rows } = await sql<{ id: number; layer: string; feature: number; confirms: number; case_id: string | null }>`
    select id, layer, feature, asked_audit as confirms, case_id from pending_action
    where decided is null and expires_at <= now() and ${which}`.execute(trx);
  for (const { id, layer, feature, confirms, case_id } of rows) {
    const caseId = case_id ?? undefined;
    const audit = await record(trx, nobody, { action: 'run_out', layer, feature, confirms, caseId });
    await sql`update pending_action set decided = 'expired', decided_at = expires_at, decided_audit = ${audit}::bigint
      where id = ${id}::bigint`.execute(trx);
  }
}
