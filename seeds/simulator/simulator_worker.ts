import { workerData } from 'node:worker_threads';
import { baton } from './baton.ts';
import { door } from './door.ts';
import { mqttDoor } from './mqtt_door.ts';
import { reach } from './reach.ts';
import { run } from './run.ts';
import type { Simulator } from './start_simulator.ts';

/** The simulator of `npm start`, on a thread of its own: it meets the server only at its public address. */
const { url, mqtt, key, dataDir, seed }: Simulator = workerData;
const http = door(reach(url), key);
await run(mqtt === undefined ? http : mqttDoor(http, mqtt, key), { seed, speed: 1, isPaused: baton(dataDir).isHeld });
