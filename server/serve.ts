import { pino } from 'pino';
import { startSimulator } from '../seeds/simulator/start_simulator.ts';
import { createApp } from './app.ts';
import { config } from './config.ts';
import { listen } from './listen.ts';
import { cannotListen, checkAddress } from './listening.ts';
import { origin } from './origin.ts';
import { start } from './start.ts';

try {
  const settings = config();
  const log = pino({ level: settings.LOG_LEVEL });
  const begun = performance.now();
  const say = (message: string) =>
    console.log(`  ${((performance.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${message}`);
  console.log('Pendopo');
  await checkAddress(settings);
  const { parts, mqttPort, stop } = await start(settings, log, say);
  let stopSimulator = async () => {};
  const server = listen(createApp(parts), {
    host: settings.HOST,
    port: settings.PORT,
    onListening({ port }) {
      say('ready');
      console.log(`\n  ${origin(settings.HOST, port)}\n`);
      stopSimulator = startSimulator(parts, { port, mqttPort });
    },
  });
  let ending = false;
  const end = async (exitCode: number) => {
    if (ending) process.exit(130); // asked twice: at once
    ending = true;
    console.log('\n  ending');
    await stopSimulator();
    parts.hub.close(); // a server with open streams never closes
    const closed = new Promise((resolve) => server.close(resolve));
    if ('closeIdleConnections' in server) server.closeIdleConnections();
    setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 2_000).unref();
    await closed;
    await stop();
    process.exit(exitCode);
  };
  // Somebody took the port while the database was opened.
  server.on('error', (error) => {
    console.error(cannotListen(settings, error).message);
    end(1);
  });
  process.on('SIGINT', () => end(0));
  process.on('SIGTERM', () => end(0));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
