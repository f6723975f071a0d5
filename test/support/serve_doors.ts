import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { createApp } from '../../server/app.ts';
import { assemble } from '../../server/assemble.ts';
import { config } from '../../server/config.ts';
import { connect } from '../../server/database/connect.ts';
import { openDoors } from '../../server/ingest/doors.ts';
import { AUTH_SECRET } from './auth_secret.ts';

/** A server to be killed: `node serve_doors.ts <folder or postgres://…>` says `open <HTTP port> <MQTT port>`, and serves until it ends. */
const [, , target = ''] = process.argv;
const location = target.includes('://') ? { databaseUrl: target, dataDir: '' } : { dataDir: target };
const connection = await connect(location);
const settings = { ...config({ AUTH_SECRET }), HOST: '127.0.0.1', MQTT_PORT: 0 };
const { parts } = await assemble(settings, connection, pino({ level: 'warn' }, pino.destination(2)));
const doors = await openDoors(parts);
serve({ fetch: createApp(parts).fetch, hostname: '127.0.0.1', port: 0 }, ({ port }: AddressInfo) =>
  console.log(`open ${port} ${doors.mqttPort}`),
);
