import { writeFile } from 'node:fs/promises';
import { type Output, runCommand } from './command.ts';
import { type Config, config } from './config.ts';
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

/**
 * `npm run import`: a file into a layer, or into a new one.
 * @returns the exit code: 0 when something was imported (rejected rows are in the report), 1 when nothing was changed
 */
export async function importCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  output: Output,
): Promise<0 | 1> {
  return runCommand(output, () => main(args, config(environment), output));
}

async function main(args: readonly string[], settings: Config, { log }: Output): Promise<void> {
  const command = readCommandLine(args, settings.REGION_BBOX, timeZones[settings.TIMEZONE].name);
  const connection = await connect({
    databaseUrl: settings.DATABASE_URL,
    dataDir: settings.DATA_DIR,
    mustExist: true, // one made here would be none that a server shows
    onProgress: log,
  });
  try {
    await migrate(connection, log);
    const bar = progressBar(process.stdout);
    const listener: ImportListener = {
      preparing: (step, amount) => bar.say(preparing(step, amount)),
      opened(...found) {
        bar.end();
        for (const line of announcement(command.options.timezone, ...found)) log(line);
      },
      progress: bar.show,
    };
    const run = command.target === 'new' ? intoNewLayer : intoLayer;
    try {
      const report = await run(connection, command, listener).finally(bar.end);
      if (command.target === 'new' && !report.dryRun) log(`new layer ${command.id}: ${command.title}`);
      await tell(report, command, log);
    } catch (error) {
      if (error instanceof NothingStored) await tell(error.report, command, log);
      throw error;
    }
  } finally {
    await connection.close();
  }
}

/** Says what the report tells, and writes all its faults where the command wants them. */
async function tell(report: ImportReport, { report: path }: ImportCommand, log: Output['log']): Promise<void> {
  log(describeReport(report).join('\n'));
  if (path !== undefined) await writeFile(path, report.faults.map(({ row, reason }) => `${row}\t${reason}\n`).join(''));
}

async function intoNewLayer(
  connection: Connection,
  { id, title, titleEn, isPublic, kinds, path, options }: ImportCommand,
  listener: ImportListener,
): Promise<ImportReport> {
  if (id === undefined || title === undefined)
    throw new Problem('bad_request', `A new layer needs --id and --title.\n\n${usage}`);
  return (await importNewLayer(connection, { id, title, titleEn, isPublic, kinds }, path, options, listener)).report;
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

/** What was found and where it goes, before anything is written. */
function announcement(
  timezone: string,
  { format, crs, layerName, encoding = 'utf-8' }: Source,
  found: Survey,
  layer: Layer,
  mapping: Mapping,
): string[] {
  const what = layerName === undefined ? format : `${format}, layer ${layerName}`;
  const text = encoding === 'utf-8' ? '' : `, ${encoding}`;
  return [
    `${what}${text}, ${crs}: ${found.count} rows → ${layer.id} (${layer.geometry})`,
    ...describeMapping(layer, mapping),
    `  times that name no zone: ${timezone}`,
    ...(layer.runtime ? warnOfPersons(layer, found) : []),
  ];
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
