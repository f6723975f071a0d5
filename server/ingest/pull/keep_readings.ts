import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/connect.ts';
import { arrayText } from '../../database/given.ts';
import type { Layer } from '../../registry/layer.ts';
import { type Moment, writeSeries } from '../write_series.ts';
import type { FeedRecord } from './feed.ts';

/** Puts what a feed tells of things that have a row into their layer's series, also what is older than the row; what is there stays. */
export async function keepReadings(
  trx: Transaction<Database>,
  layer: Layer,
  records: readonly FeedRecord[],
): Promise<void> {
  const { series } = layer;
  if (!series || records.length === 0) return;
  const { rows } = await sql<{ id: number; code: string }>`
    select id, code from ${sql.table(layer.id)}
    where code = any(${arrayText([...new Set(records.map(({ key }) => key))])}::text::text[])`.execute(trx);
  const ids = new Map(rows.map(({ id, code }) => [code, id]));
  const moments = new Map<string, Moment>();
  for (const { key, observedAt, values, place } of records) {
    const feature = ids.get(key);
    if (feature === undefined) continue; // elsewhere, or refused
    const at = Date.parse(observedAt);
    const position = layer.moving && place && 'lon' in place ? { lon: place.lon, lat: place.lat } : {};
    const said = Object.fromEntries(
      series.attributes.flatMap((name) => (values[name] == null ? [] : [[name, values[name]]])),
    );
    const known = moments.get(`${feature} ${at}`)?.values;
    const all = { ...known, ...said, ...position };
    if (Object.keys(all).length === 0) continue;
    moments.set(`${feature} ${at}`, {
      ...{ feature, at, values: all, indexes: [], others: [] },
      ...{ isNewer: false, isPartial: false },
    });
  }
  await writeSeries(trx, layer, [...moments.values()], true);
}
