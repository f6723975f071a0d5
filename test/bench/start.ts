import { readFile } from 'node:fs/promises';
import { startServer } from './http.ts';
import { regency } from './regency.ts';
import { type Measure, median } from './report.ts';

/** Process start to a correct tile (`/health/ready` decodes one of each layer) with scale 1 in a warm server PostGIS. */
export async function run(): Promise<Measure[]> {
  const { connection, url } = await regency(1);
  await connection.close();
  const times: number[] = [];
  let resident = 0;
  for (let round = 0; round < 3; round++) {
    const { child, readyMs } = await startServer(url);
    times.push(readyMs / 1000);
    resident = Math.max(resident, await residentMegabytes(child.pid!));
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  return [
    {
      bench: 'start',
      metric: 'process start to the first correct tile, scale 1',
      value: median(times),
      unit: 's',
      target: 5,
      better: 'lower',
    },
    {
      bench: 'start',
      metric: 'resident memory of the server process',
      value: resident,
      unit: 'MB',
      target: 450,
      better: 'lower',
    },
  ];
}

/** Resident memory of a process in MB (10^6 bytes), from the kernel. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6;
}
