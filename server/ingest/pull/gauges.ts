import { Gauge, type Registry as Metrics } from 'prom-client';
import type { Parts } from '../../parts.ts';
import type { Viewer } from '../../registry/viewer.ts';
import { feedReports } from './feed_reports.ts';

/** Measures of the feeds that are pulled, of layers that a viewer sees: how long ago each was heard, and how often it failed since. */
export async function feedGauges(
  metrics: Metrics,
  parts: Pick<Parts, 'registry' | 'config' | 'connection'>,
  viewer: Viewer,
): Promise<void> {
  if (parts.config.FEEDS.length === 0) return;
  const age = new Gauge({
    name: 'pendopo_feed_age_seconds',
    help: 'Time since an outside feed was last heard.',
    labelNames: ['feed'],
    registers: [metrics],
  });
  const failed = new Gauge({
    name: 'pendopo_feed_failures',
    help: 'Pulls of an outside feed that failed in a row.',
    labelNames: ['feed'],
    registers: [metrics],
  });
  // Without the database there is no age to tell; the other measures must be read all the same.
  const reports = await feedReports(parts, viewer).catch(() => []);
  for (const { id: feed, enabled, age: seconds, failures } of reports) {
    if (!enabled) continue;
    if (seconds !== null) age.set({ feed }, seconds);
    failed.set({ feed }, failures);
  }
}
