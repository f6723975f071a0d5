import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { chromium, type Page } from 'playwright-core';
import { buildPage } from '../../server/page_build.ts';
import { chromiumPath, noChromium } from '../support/chromium.ts';
import { ingestKey, startServer } from './http.ts';
import { lampPlace, lamps } from './lamps.ts';
import { stopped } from './live.ts';
import { type Measure, median } from './report.ts';

const [perSecond, seconds, rounds] = [200, 8, 3];
/** Batches a second, as doors of many devices bring them. */
const batches = 20;
const things = { unit: 1000, streetlight: 2000 } as const;
type Changing = keyof typeof things;

/** What changes: units that move, and lamps that change their state, both at a zoom that shows most of them. */
const observations: Readonly<Record<Changing, (n: number) => object>> = {
  unit(n) {
    const [lon, lat] = lampPlace(1 + (n % things.unit), Math.floor(n / things.unit) % 2 === 0);
    return { code: `U-${n % things.unit}`, lon, lat, speed_km_h: 30, course_deg: (n * 37) % 360 };
  },
  streetlight: (n) => ({
    code: `PJU-${1 + (n % things.streetlight)}`,
    status: Math.floor(n / things.streetlight) % 2 === 0 ? 'confirmed_out' : 'ok',
  }),
};

/** web/frames: the page's scripting in a frame that it draws while 200 features a second change before its eyes. */
export async function run(): Promise<Measure[]> {
  if (!chromiumPath) {
    console.error(`web/frames is left out: ${noChromium}`);
    return [];
  }
  await buildPage((message) => console.error(`  ${message}`));
  const { connection, url } = await lamps('pendopo_bench_frames', things.streetlight);
  await sql`update streetlight set code = 'PJU-' || id`.execute(connection.db);
  await sql`
    insert into unit (code, name, state, observed_at, geom)
    select 'U-' || id - 1, 'Praja ' || id, 'enroute', now(), geom from streetlight where id <= ${things.unit}`.execute(
    connection.db,
  );
  await connection.close();
  const server = await startServer(url);
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const base = `http://127.0.0.1:${server.port}`;
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const measures: Measure[] = [];
    for (const layer of ['unit', 'streetlight'] as const) {
      await page.goto(`${base}/?at=113.7,-8.18,13&layers=${layer}`);
      await page.locator('[data-state=connected]').first().waitFor();
      let told = 0;
      const change = async () => {
        const at = new Date().toISOString();
        const body = Array.from({ length: perSecond / batches }, () => ({
          ...observations[layer](told++),
          observed_at: at,
        }));
        const answer = await fetch(`${base}/api/ingest/${layer}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ingestKey}` },
          body: JSON.stringify(body),
        });
        if (!answer.ok) throw new Error(`the observations were refused: ${await answer.text()}`);
      };
      // Once around, so that everything that is made once is there.
      for (const end = told + things[layer]; told < end; ) await change();
      const found: Frames[] = [];
      for (let round = 0; round < rounds; round++) {
        const changing = setInterval(() => void change(), 1000 / batches);
        await wait(1000);
        found.push(await traced(page));
        clearInterval(changing);
      }
      const measure = (metric: string, value: number, target: number | null): Measure => ({
        ...{ bench: 'web/frames', metric: `${perSecond} ${layer}s a second change: ${metric}`, value },
        ...{ unit: 'ms', target, better: 'lower' },
      });
      measures.push(measure('scripting a frame', median(found.map(({ mean }) => mean)), 8));
      measures.push(measure('scripting a frame, p95', median(found.map(({ p95 }) => p95)), null));
      console.error(
        `  ${layer}: ${found.map(({ frames, mean }) => `${frames} frames, ${mean.toFixed(2)} ms`).join('; ')}`,
      );
    }
    return measures;
  } finally {
    await browser.close();
    await stopped(server.child);
  }
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** What of it the thread was given by the machine. */
  readonly tdur?: number;
}

/** What a page's developer tools count as scripting, with the collection of its garbage. */
const scripting =
  /^(FunctionCall|v8\.callFunction|v8\.run|EvaluateScript|RunMicrotasks|TimerFire|EventDispatch|Fire(AnimationFrame|IdleCallback)|HandlePostMessage|M(ajor|inor)GC|V8\.GC.*)$/;

interface Frames {
  readonly frames: number;
  /** Milliseconds of scripting a frame. */
  readonly mean: number;
  readonly p95: number;
}

/** Traces a page for some seconds: what its main thread scripts between one frame that it makes and the next. */
async function traced(page: Page): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  // The protocol leaves open what an event of a trace holds.
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline.frame', 'v8'] },
  });
  await wait(seconds * 1000);
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return framesOf(events);
}

function framesOf(events: readonly TraceEvent[]): Frames {
  const frameBegins = (of: readonly TraceEvent[]) => of.filter(({ name }) => name === 'BeginMainThreadFrame');
  // The main thread of the page is the one that makes frames.
  const [main = []] = [...Map.groupBy(events, ({ pid, tid }) => `${pid}/${tid}`).values()].toSorted(
    (a, b) => frameBegins(b).length - frameBegins(a).length,
  );
  const begins = frameBegins(main)
    .map(({ ts }) => ts)
    .toSorted((a, b) => a - b);
  const frames = begins.map(() => 0);
  const scripts = main
    .filter(({ name, ph }) => ph === 'X' && scripting.test(name))
    .toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  let end = 0;
  for (const { ts, dur = 0, tdur = dur } of scripts) {
    if (ts < end) continue; // inside another
    end = ts + dur;
    const frame = begins.findLastIndex((begin) => begin <= ts);
    if (frame >= 0) frames[frame]! += tdur / 1000;
  }
  const sorted = frames.toSorted((a, b) => a - b);
  return {
    frames: frames.length,
    mean: frames.reduce((sum, frame) => sum + frame, 0) / frames.length,
    p95: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
  };
}
