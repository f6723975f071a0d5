import type { Logger } from 'pino';
import { basemaps } from '../tiles/basemap_choice.ts';
import { builtinBasemap } from '../tiles/basemap_file.ts';
import { assemble } from './assemble.ts';
import { trailWarning } from './audit/weaknesses.ts';
import type { Config } from './config.ts';
import { changeDays } from './database/change_log.ts';
import { connect } from './database/connect.ts';
import { migrate } from './database/migrate.ts';
import { keepPartitionsRegularly } from './database/partitions.ts';
import { seriesMonths } from './database/series_table.ts';
import { openDoors } from './ingest/doors.ts';
import { pullFeeds } from './ingest/pull/pull_feeds.ts';
import { rawPayloadDays } from './ingest/raw_payload.ts';
import { buildPage } from './page_build.ts';
import type { Parts } from './parts.ts';
import { forgetDeletedRegularly } from './registry/actions/deleted.ts';
import { endOverdueRegularly } from './registry/actions/overdue.ts';
import { step } from './step.ts';

/** Everything that runs behind the URLs, and how to end it. */
export interface Running {
  readonly parts: Parts;
  /** Of the built-in MQTT broker; undefined when it does not run. */
  readonly mqttPort: number | undefined;
  readonly stop: () => Promise<void>;
}

/** Opens the database, brings it up to date, fills the demo regency, loads the live copy and follows the change log. */
export async function start(config: Config, log: Logger, say: (message: string) => void): Promise<Running> {
  const page = buildPage(say);
  page.catch(() => {}); // awaited below; a failure meanwhile must not end the process
  // Beside the rest, and nobody waits for it: a page that asks earlier gets its answer when it is drawn.
  if (basemaps(config)[0]?.id === 'builtin') builtinBasemap(config.DATA_DIR, say).catch(() => {}); // told when asked for
  const connection = await connect({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR, onProgress: say });
  try {
    await migrate(connection, say);
    const warning = connection.kind === 'server' && (await trailWarning(connection.db));
    if (warning) log.warn(warning);
    if (config.DEMO) {
      const { seed } = await import('../seeds/seed.ts');
      await seed(connection, { scale: config.DEMO_SCALE, onProgress: say });
      const { seedAccounts } = await import('../seeds/jember/accounts.ts');
      await seedAccounts(connection, say);
    }
    const { parts, stop } = await step(say, 'loading the live copy', () => assemble(config, connection, log));
    const stopTidying = keepPartitionsRegularly(
      connection.db,
      () => [changeDays(config.CHANGE_LOG_DAYS), rawPayloadDays, ...seriesMonths(parts.registry.layers)],
      log,
    );
    const stopForgetting = forgetDeletedRegularly(connection.db, log);
    const stopEnding = endOverdueRegularly(connection.db, log);
    await page;
    const doors = await openDoors(parts);
    if (doors.mqttPort !== undefined) say(`MQTT on port ${doors.mqttPort}`);
    const pulling = pullFeeds(parts);
    return {
      parts,
      mqttPort: doors.mqttPort,
      async stop() {
        stopForgetting();
        stopEnding();
        await stopTidying();
        await pulling.close();
        await doors.close();
        await stop();
        await connection.close();
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
