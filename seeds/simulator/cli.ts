import { config } from '../../server/config.ts';
import { baton } from './baton.ts';
import { door } from './door.ts';
import { mqttDoor } from './mqtt_door.ts';
import { options } from './options.ts';
import { reach } from './reach.ts';
import { run } from './run.ts';
import { siagaChanges } from './siaga_changes.ts';

/** `npm run simulate -- flood-bedadung --speed 60`: drives the demo regency of a running server until Ctrl-C. */
const { PORT, INGEST_KEY, DATA_DIR } = config();
const asked = options(process.argv.slice(2), PORT);
if ('say' in asked) {
  (asked.code === 0 ? console.log : console.error)(asked.say);
  process.exit(asked.code);
}
const { scenario, speed, seed, url, mqtt } = asked;

const mine = baton(DATA_DIR);
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());
console.log(`${scenario ?? 'an ordinary day'} at ${url.origin}, ${speed} times as fast; Ctrl-C ends it`);
const http = door(reach(url.href), INGEST_KEY);
const broker = mqtt && mqttDoor(http, mqtt.href, INGEST_KEY);
mine.hold(); // the server's own simulator sees it within a step
let told = siagaChanges(new Map());
await run(broker ?? http, {
  seed,
  speed,
  ...(scenario && { scenario }),
  signal: ending.signal,
  onTrouble: (message) => console.error(`  waiting for the server: ${message}`),
  onStart(fleet) {
    const things = [...fleet.values()].reduce((sum, list) => sum + list.length, 0);
    if (things === 0) {
      console.error('  this server shows no demo regency (things whose source is demo): it is left alone');
      process.exitCode = 1;
      ending.abort();
      return;
    }
    told = siagaChanges(fleet);
  },
  onStep(sent, receipts, minutes) {
    mine.hold();
    const counts = [...sent].map(([layer, { length }]) => `${layer} ${length}`).join(', ');
    console.log(`  +${Math.round(minutes)} min  ${counts}`);
    for (const line of told(sent)) console.log(`    ${line}`);
    for (const { subject, channel } of sent.get('complaint') ?? [])
      if (subject !== undefined) console.log(`    ${subject} (${channel})`);
    for (const { code, state } of sent.get('panic_button') ?? [])
      if (state !== undefined && state !== 'idle') console.log(`    button ${code}: ${state}`);
    for (const [layer, { rejected }] of receipts)
      if (rejected[0]) console.error(`    ${layer}: ${rejected.length} rejected, ${rejected[0].reason}`);
  },
});
await broker?.close();
mine.release();
