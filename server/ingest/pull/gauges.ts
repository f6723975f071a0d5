import { sql } from 'kysely';
import { Gauge, type Registry as Metrics } from 'prom-client';
import type { Parts } from '../../parts.ts';

/** Measures of the feeds that are pulled: how long ago each was heard, and how often it failed since. */
export function feedGauges(metrics: Metrics, { config, connection }: Pick<Parts, 'config' | 'connection'>): void {
  if (config.FEEDS.length === 0) return;
  const read = async (gauge: Gauge<'feed'>, column: string) => {
    gauge.reset();
    const { rows } = await sql<{ id: string; value: number | null }>`
      select id, ${sql.raw(column)}::float8 as value from feed`.execute(connection.db);
    for (const { id, value } of rows) if (config.FEEDS.includes(id) && value !== null) gauge.set({ feed: id }, value);
  };
  new Gauge({
    name: 'pendopo_feed_age_seconds',
    help: 'Time since an outside feed was last heard.',
    labelNames: ['feed'],
    registers: [metrics],
    async collect() {
      // Without the database there is no age to tell; the other measures must be read all the same.
      await read(this, 'extract(epoch from now() - last_success)').catch(() => {});
    },
  });
  new Gauge({
    name: 'pendopo_feed_failures',
    help: 'Pulls of an outside feed that failed in a row.',
    labelNames: ['feed'],
    registers: [metrics],
    async collect() {
      await read(this, 'failures').catch(() => {}); // as above
    },
  });
}
