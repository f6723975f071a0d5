import { Hono, type MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { collectDefaultMetrics, Gauge, Histogram, Registry as Metrics } from 'prom-client';
import { described } from './described.ts';
import { feedGauges } from './ingest/pull/gauges.ts';
import type { LiveCopy } from './live/copy.ts';
import { summaryOf } from './live/summaries.ts';
import type { Parts } from './parts.ts';
import { Problem } from './registry/problem.ts';
import type { View } from './registry/view.ts';
import { isInside, viewerOf } from './registry/viewer.ts';

/** One set of measures for each server, so that several can live in one process. */
const measures = new WeakMap<object, { metrics: Metrics; duration: Histogram }>();

function measuresOf(parts: Parts) {
  const { live, tiles, hub } = parts;
  const known = measures.get(live);
  if (known) return known;
  const metrics = new Metrics();
  collectDefaultMetrics({ register: metrics });
  const duration = new Histogram({
    name: 'pendopo_http_request_duration_seconds',
    help: 'Time to answer, by route and status class.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [metrics],
  });
  new Gauge({
    name: 'pendopo_change_log_position',
    help: 'Last change of the log that is in the live copy.',
    registers: [metrics],
    collect() {
      this.set(live.seq);
    },
  });
  new Gauge({
    name: 'pendopo_tile_cache_bytes',
    help: 'Encoded tiles kept in memory.',
    registers: [metrics],
    collect() {
      this.set(tiles.cache.bytes);
    },
  });
  new Gauge({
    name: 'pendopo_event_clients',
    help: 'Event streams that are open.',
    registers: [metrics],
    collect() {
      this.set(hub.size);
    },
  });
  const made = { metrics, duration };
  measures.set(live, made);
  return made;
}

/** Times every request by its route's pattern, never by its address. */
export function observe(parts: Parts): MiddlewareHandler {
  const { duration } = measuresOf(parts);
  return async (c, next) => {
    const start = performance.now();
    await next();
    const labels = { route: routePath(c), status: `${Math.floor(c.res.status / 100)}xx` };
    duration.observe(labels, (performance.now() - start) / 1000);
  };
}

/**
 * `GET /metrics` in the Prometheus text format, for those inside: whoever scrapes it comes with a key that may read. Layers
 * and feeds are measured as far as the one who asks sees them.
 */
export function metricsRoutes(parts: Parts): Hono {
  const { metrics } = measuresOf(parts);
  return new Hono().get(
    '/',
    described('Counters for Prometheus, for those inside', 'The Prometheus text format.', { type: 'text/plain' }),
    async (c) => {
      const viewer = viewerOf(c);
      if (!isInside(viewer)) throw new Problem('not_found', 'There is nothing at /metrics.');
      const seen = new Metrics();
      await layerRows(seen, parts.live, parts.registry.views(viewer));
      await feedGauges(seen, parts, viewer);
      const text = `${await metrics.metrics()}\n${await seen.metrics()}`;
      return c.body(text, 200, { 'Content-Type': metrics.contentType });
    },
  );
}

async function layerRows(metrics: Metrics, live: LiveCopy, views: readonly View[]): Promise<void> {
  const rows = new Gauge({
    name: 'pendopo_layer_rows',
    help: 'Rows in the live copy that the one who asks sees.',
    labelNames: ['layer'],
    registers: [metrics],
  });
  for (const view of views) {
    // A condition may read what is not in memory yet; without the database the other measures must be told all the same.
    const summary = await summaryOf(live, view).catch(() => undefined);
    if (summary) rows.set({ layer: view.layer.id }, summary.count);
  }
}
