import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Connection } from '../../server/database/connect.ts';
import type { LoadReport, LoadRequest } from './event_load.ts';
import { startServer } from './http.ts';
import { lampGeometry, lamps } from './lamps.ts';
import type { Measure } from './report.ts';
import { residentMegabytes } from './start.ts';

const rows = 20_000;
const clients = 2_000;
/** Statements a second. */
const ticks = 50;
/** A change as JSON is then about 300 bytes. */
const padding = 'é'.repeat(72);
/** Tells many events apart from few: a stream is a stream, also to the limit of one address. */
const unlimited = { EVENTS_PER_ADDRESS: '100000' };

/** live/fanout: many listeners, as many changes as they can be told. live/latency: single commits, how soon they are heard. */
export async function run(): Promise<Measure[]> {
  const { connection, url } = await lamps('pendopo_bench_live', rows);
  try {
    return [...(await fanout(connection, url)), ...(await latency(connection, url))];
  } finally {
    await connection.close();
  }
}

async function fanout(connection: Connection, url: string): Promise<Measure[]> {
  const server = await startServer(url, unlimited);
  const load = startLoad();
  try {
    const path = '/events?layers=streetlight';
    await load.ask({ kind: 'open', port: server.port, path, clients, parse: false });
    await wait(3_000);
    // What each further client takes: the first ones also make the engine take memory that it keeps for any work.
    const before = await residentMegabytes(server.child.pid!);
    await load.ask({ kind: 'open', port: server.port, path, clients, parse: false });
    await wait(3_000);
    const kilobytes = (((await residentMegabytes(server.child.pid!)) - before) * 1000) / clients;
    await load.ask({ kind: 'keep', clients });
    await wait(1_000);

    let best: Offer | undefined;
    for (const perSecond of [100, 150, 200, 300, 400]) {
      const offer = await offered(connection, load, perSecond, 4);
      if (offer.report.resyncs > 0 || offer.report.open < clients) break;
      if (!best || offer.delivered > best.delivered) best = offer;
    }
    if (!best) throw new Error('not even the smallest number of changes reached every client');
    // Half of what it can: the one that does not read must not be seen in the others' figures.
    const alone = await offered(connection, load, best.perSecond / 2, 4);
    await load.ask({ kind: 'pause', clients: 1 });
    const beside = await offered(connection, load, best.perSecond / 2, 4);
    return [
      row(
        'live/fanout',
        `${clients} clients, ${Math.round(best.bytes)} bytes a change: delivered`,
        best.delivered,
        'events/s',
        200_000,
        'higher',
      ),
      row('live/fanout', `resident memory a client, from ${clients} to ${2 * clients}`, kilobytes, 'KB', 20, 'lower'),
      row(
        'live/fanout',
        'the slowest client beside a paused one ÷ without',
        beside.report.fewest / alone.report.fewest,
        '×',
        0.95,
        'higher',
      ),
    ];
  } finally {
    load.child.kill();
    await stopped(server.child);
  }
}

interface Offer {
  readonly perSecond: number;
  readonly delivered: number;
  readonly bytes: number;
  readonly report: LoadReport;
}

/** Changes rows at a rate, fifty statements a second, and counts what arrives. */
async function offered(connection: Connection, load: Load, perSecond: number, seconds: number): Promise<Offer> {
  const size = Math.floor(perSecond / ticks);
  await load.ask({ kind: 'reset' });
  const start = performance.now();
  for (let tick = 0; tick < seconds * ticks; tick++) {
    const first = 1 + ((tick * size) % rows);
    await sql`
      update streetlight set pole = ${`b${tick}${padding}`}, geom = ${lampGeometry(tick % 2 === 0)}
      where id between ${first} and ${first + size - 1}`.execute(connection.db);
    await wait(Math.max(0, start + ((tick + 1) * 1000) / ticks - performance.now()));
  }
  // What arrives after the clock stopped does not count.
  const elapsed = (performance.now() - start) / 1000;
  const report = await load.ask<LoadReport>({ kind: 'report' });
  await wait(1_500);
  console.error(
    `  offered ${perSecond * clients} events/s, delivered ${Math.round(report.events / elapsed)}/s, resyncs ${report.resyncs}`,
  );
  return { perSecond, delivered: report.events / elapsed, bytes: report.bytes / report.events, report };
}

async function latency(connection: Connection, url: string): Promise<Measure[]> {
  const listening = 200;
  const perSecond = 500;
  const seconds = 10;
  const server = await startServer(url, unlimited);
  const load = startLoad();
  try {
    await load.ask({
      kind: 'open',
      port: server.port,
      path: '/events?layers=streetlight',
      clients: listening,
      parse: true,
    });
    const commits: [number, number][] = [];
    await load.ask({ kind: 'reset' });
    const start = performance.now();
    const underWay: Promise<void>[] = [];
    for (let n = 0; n < perSecond * seconds; n++) {
      underWay.push(commit(connection, 1_000_000 + n, 1 + (n % rows), commits));
      const ahead = start + ((n + 1) * 1000) / perSecond - performance.now();
      if (ahead > 1) await wait(ahead);
    }
    await Promise.all(underWay);
    const reached = commits.length / ((performance.now() - start) / 1000);
    await wait(1_000);
    const { p95, p99, heard } = await load.ask<{ p95: number; p99: number; heard: number }>({
      kind: 'delays',
      commits,
    });
    const missing = listening * commits.length - heard;
    const what = `${Math.round(reached)} changes/s, ${listening} clients`;
    return [
      row('live/latency', `${what}: commit → client, p95`, p95, 'ms', 150, 'lower'),
      row('live/latency', `${what}: commit → client, p99`, p99, 'ms', 400, 'lower'),
      row('live/latency', 'changes that a client did not hear', missing, 'events', 0, 'lower'),
    ];
  } finally {
    load.child.kill();
    await stopped(server.child);
  }
}

async function commit(connection: Connection, batch: number, id: number, commits: [number, number][]): Promise<void> {
  await sql`update streetlight set pole = ${`b${batch}`} where id = ${id}`.execute(connection.db);
  commits.push([batch, performance.timeOrigin + performance.now()]);
}

interface Load {
  readonly child: ChildProcess;
  readonly ask: <T>(request: LoadRequest) => Promise<T>;
}

function startLoad(): Load {
  const child = fork(new URL('event_load.ts', import.meta.url));
  return {
    child,
    ask<T>(request: LoadRequest) {
      return new Promise<T>((resolve, reject) => {
        const ended = () => reject(new Error('the load process ended'));
        child.once('exit', ended);
        child.once('message', (message) => {
          child.off('exit', ended);
          resolve(message as T); // event_load.ts answers each request in its kind
        });
        child.send(request);
      });
    },
  };
}

export async function stopped(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

function row(
  bench: string,
  metric: string,
  value: number,
  unit: string,
  target: number,
  better: Measure['better'],
): Measure {
  return { bench, metric, value, unit, target, better };
}
