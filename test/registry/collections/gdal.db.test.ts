import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { serve } from '@hono/node-server';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../../support/database.ts';
import { ogcApp } from './support.ts';

/** GDAL's OAPIF driver as a client that knows nothing of us: it must read every collection, whole. */
const run = promisify(execFile);
const hasOgrinfo = await run('ogrinfo', ['--version']).then(
  () => true,
  () => false,
);
const name = 'ogrinfo reads every collection with the counts of SQL';

if (!hasOgrinfo && !process.env.NOTHING_SKIPPED)
  test.skip(`${name} (skipped: no ogrinfo on the PATH; apt install gdal-bin)`, () => {});
else {
  const { connection } = await testDatabase();
  test(name, async () => {
    const { app, parts, complaints } = await ogcApp(connection, 120);
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
    try {
      if (!server.listening) await once(server, 'listening');
      const source = `OAPIF:http://127.0.0.1:${(server.address() as AddressInfo).port}/ogc`;
      const ogrinfo = async (...args: string[]) =>
        (await run('ogrinfo', ['-ro', ...args], { maxBuffer: 2 ** 28 })).stdout;
      const all = await ogrinfo('-al', '-so', source);
      for (const { id, geometry } of parts.registry.layers) {
        const { rows } = await sql<{ count: number; located: number }>`
          select count(*) as count, count(geom) as located from ${sql.table(id)}`.execute(connection.db);
        const { count, located } = rows[0]!;
        const summary = all.slice(all.indexOf(`Layer name: ${id}\n`));
        expect(summary, id).toMatch(new RegExp(`^Layer name: ${id}\n`));
        expect(Number(/^Feature Count: (\d+)$/m.exec(summary)?.[1]), id).toBe(count);
        // Read to the end, over several pages: every feature once, each place a place.
        const features = await ogrinfo(source, id, '-oo', 'PAGE_SIZE=50');
        expect(features.match(/^OGRFeature\(/gm), id).toHaveLength(count);
        expect(features.match(new RegExp(`^  ${geometry.toUpperCase()} \\(`, 'gm')) ?? [], id).toHaveLength(located);
      }
      const offline = await ogrinfo(source, 'camera', '-where', "status = 'offline'");
      const { rows } = await sql<{
        count: number;
      }>`select count(*) as count from camera where status = 'offline'`.execute(connection.db);
      expect(offline.match(/^OGRFeature\(/gm)).toHaveLength(rows[0]!.count);
      expect(complaints).toEqual([]);
    } finally {
      server.close();
    }
  });
}
