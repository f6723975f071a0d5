import { hash } from 'node:crypto';
import { transaction } from '../database/transaction.ts';
import type { Parts } from '../parts.ts';
import { filterColumns } from '../registry/filter/columns.ts';
import { type Filter, filterKey } from '../registry/filter/filter.ts';
import type { View } from '../registry/view.ts';
import { rememberedFor } from './looks.ts';
import { type Origin, record } from './record.ts';

/** One look at a feature is one entry, however often the page reads it again meanwhile. */
const sameLookMs = 10 * 60_000;

/**
 * Writes into the audit trail that sensitive attributes of features were read. Nothing where the rows hold none, unless the
 * filter reads one: how many there are, and be it none, tells what stands in them.
 */
export type NoteReads = (
  origin: Origin,
  view: View,
  rows: readonly Readonly<Record<string, unknown>>[],
  filter?: Filter,
) => Promise<void>;

/**
 * Notes the reading of attributes that their layer calls sensitive: one entry a request, before it is answered;
 * of a page of features how many, and the first and last of their numbers.
 */
export function sensitiveReads({ connection }: Pick<Parts, 'connection'>): NoteReads {
  const looks = rememberedFor(sameLookMs);
  return async (origin, view, rows, filter) => {
    const sensitive = [...view.attributes].filter(([, attribute]) => attribute.sensitive).map(([key]) => key);
    const told = sensitive.filter((key) => rows.some((row) => row[key] !== null && row[key] !== undefined));
    const columns = filter ? filterColumns(filter) : [];
    const asked = sensitive.filter((key) => columns.includes(key));
    if (told.length === 0 && asked.length === 0) return;
    const shown = rows.filter((row) => told.some((key) => row[key] !== null && row[key] !== undefined));
    const [first, last] = [Number(shown[0]?.id), Number(shown.at(-1)?.id)];
    const who = origin.viewer.person?.id ?? origin.address ?? '';
    const ids = hash('sha256', shown.map(({ id }) => id).join(), 'base64url'); // all of them: others may lie between the ends
    const look = JSON.stringify([who, view.layer.id, told, ids, asked.length > 0 && filterKey(filter)]);
    if (looks.has(look)) return;
    const page = { features: shown.length, ...(shown.length > 0 && { from: first, to: last }) };
    const by = asked.length > 0 && { filtered_by: asked };
    await transaction(connection.db, (trx) =>
      record(trx, origin, {
        ...{
          action: 'read',
          layer: view.layer.id,
          after: { attributes: told, ...(shown.length !== 1 && page), ...by },
        },
        ...(shown.length === 1 && { feature: first }),
      }),
    );
    looks.add(look);
  };
}
