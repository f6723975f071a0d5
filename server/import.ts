import { writeFile } from 'node:fs/promises';
import { config } from './config.ts';
import { type Connection, connect } from './database/connect.ts';
import { migrate } from './database/migrate.ts';
import { type ImportCommand, readCommandLine, usage } from './ingest/import/command_line.ts';
import { type ImportListener, importFile } from './ingest/import/import_file.ts';
import { importNewLayer } from './ingest/import/import_new.ts';
import { describeMapping, type Mapping } from './ingest/import/mapping.ts';
import { nearest } from './ingest/import/nearest.ts';
import { NothingStored } from './ingest/import/nothing_stored.ts';
import { personalFields } from './ingest/import/personal.ts';
import { progressBar } from './ingest/import/progress_bar.ts';
import { describeReport, type ImportReport } from './ingest/import/report.ts';
import type { Source } from './ingest/import/row.ts';
import type { Survey } from './ingest/import/survey.ts';
import type { Layer } from './registry/layer.ts';
import { Problem } from './registry/problem.ts';
import { layerFiles } from './registry/registry.ts';
import { runtimeLayers } from './registry/runtime_layers.ts';
import { timeZones } from './registry/time_zone.ts';

try {
  await main();
} catch (error) {
  // What the operator can repair is one line; anything else is a fault of the program and keeps its trace.
  const expected = error instanceof Problem || (error instanceof Error && error.constructor === Error);
  console.error(expected ? error.message : error);
  process.exitCode = 1;
}

/** `npm run import`: exit code 0 when something was imported (rejected rows are in the report), 1 when nothing was changed. */
async function main(): Promise<void> {
  const settings = config();
  const command = readCommandLine(process.argv.slice(2), settings.REGION_BBOX, timeZones[settings.TIMEZONE].name);
  const connection = await connect({
    databaseUrl: settings.DATABASE_URL,
    dataDir: settings.DATA_DIR,
    onProgress: console.log,
  });
  try {
    await migrate(connection, console.log);
    const bar = progressBar(process.stdout);
    const listener: ImportListener = {
      preparing: (step, amount) => bar.say(preparing(step, amount)),
      opened(...found) {
        bar.end();
        announce(command.options.timezone, ...found);
      },
      progress: bar.show,
    };
    const run = command.target === 'new' ? intoNewLayer : intoLayer;
    try {
      await tell(await run(connection, command, listener).finally(bar.end), command);
    } catch (error) {
      if (error instanceof NothingStored) await tell(error.report, command);
      throw error;
    }
  } finally {
    await connection.close();
  }
}

/** Prints the report, and writes all its faults where the command wants them. */
async function tell(report: ImportReport, { report: path }: ImportCommand): Promise<void> {
  console.log(describeReport(report).join('\n'));
  if (path !== undefined) await writeFile(path, report.faults.map(({ row, reason }) => `${row}\t${reason}\n`).join(''));
}

async function intoNewLayer(
  connection: Connection,
  { id, title, isPublic, path, options }: ImportCommand,
  listener: ImportListener,
): Promise<ImportReport> {
  if (id === undefined || title === undefined)
    throw new Problem('bad_request', `A new layer needs --id and --title.\n\n${usage}`);
  const { layer, report } = await importNewLayer(connection, { id, title, isPublic }, path, options, listener);
  if (!report.dryRun) console.log(`new layer ${layer.id}: ${title}`);
  return report;
}

async function intoLayer(
  connection: Connection,
  { target, path, options }: ImportCommand,
  listener: ImportListener,
): Promise<ImportReport> {
  const layers = [...(await layerFiles()), ...(await runtimeLayers(connection.db))];
  const layer = layers.find((each) => each.id === target);
  if (layer) return importFile(connection, layer, path, options, listener);
  const ids = layers.map((each) => each.id);
  const guess = nearest(target, ids);
  const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
  throw new Problem('not_found', `There is no layer "${target}".${hint} There are: ${ids.join(', ')}.`);
}

/** What is done before anything can be counted. */
function preparing(step: 'converting' | 'reading', amount: number): string {
  return step === 'converting'
    ? `converting · ${(amount / 1e6).toFixed(1)} MB`
    : `reading · ${amount.toLocaleString('en')} rows`;
}

/** Says what was found and where it goes, before anything is written. */
function announce(timezone: string, source: Source, found: Survey, layer: Layer, mapping: Mapping) {
  const { format, crs, layerName, encoding = 'utf-8' } = source;
  const what = layerName === undefined ? format : `${format}, layer ${layerName}`;
  const text = encoding === 'utf-8' ? '' : `, ${encoding}`;
  console.log(`${what}${text}, ${crs}: ${found.count} rows → ${layer.id} (${layer.geometry})`);
  console.log(describeMapping(layer, mapping).join('\n'));
  console.log(`  times that name no zone: ${timezone}`);
  if (layer.runtime) console.log(warnOfPersons(layer, found).join('\n'));
}

/** Who will see the layer, and what in the file is perhaps not for them. */
function warnOfPersons({ visible }: Layer, found: Survey): string[] {
  const isPublic = visible.public !== 'none';
  const who = isPublic ? 'everybody, also without signing in' : 'only who works here; --public makes it for everybody';
  const personal = personalFields(found);
  if (personal.length === 0) return [`  seen by: ${who}`];
  return [
    `  seen by: ${who}`,
    `  WARNING: ${personal.join(', ')} look${personal.length === 1 ? 's' : ''} like data of people. Leave out of the file what nobody needs to see.`,
  ];
}
