import { parseArgs } from 'node:util';
import { config } from '../server/config.ts';
import { connect } from '../server/database/connect.ts';
import { migrate } from '../server/database/migrate.ts';
import { seed } from './seed.ts';

const usage = `npm run seed -- [--scale <number>] [--seed <word>]
  fills the demo regency into the layers of the database that are empty and never were filled before

--scale   its size, above 0 and at most 8; 1 is 650,000 businesses, without it DEMO_SCALE
--seed    another word draws another regency; jember`;

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** `npm run seed`: exit code 0 also when everything was filled before, which it then says. */
async function main(): Promise<void> {
  const { help, scale, seed: word } = commandLine();
  if (help) return console.log(usage);
  const { DATABASE_URL, DATA_DIR, DEMO_SCALE } = config();
  const connection = await connect({ databaseUrl: DATABASE_URL, dataDir: DATA_DIR, onProgress: console.log });
  try {
    await migrate(connection, console.log);
    const filled = await seed(connection, { scale: scale ?? DEMO_SCALE, seed: word, onProgress: console.log });
    const where =
      DATABASE_URL === undefined ? `with the server stopped, remove ${DATA_DIR}/database` : 'make an empty database';
    if (filled.length === 0)
      console.log(
        `The demo regency is filled already; nothing was changed. To fill it anew, ${where}, and run this again.`,
      );
  } finally {
    await connection.close();
  }
}

/** @throws Error with the usage */
function commandLine(): { help: boolean; scale: number | undefined; seed: string } {
  const { scale, ...rest } = parsed();
  if (scale === undefined) return { ...rest, scale };
  const size = Number(scale);
  if (!(size > 0 && size <= 8)) throw new Error(`--scale is a number above 0, at most 8.\n\n${usage}`);
  return { ...rest, scale: size };
}

function parsed() {
  try {
    return parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        scale: { type: 'string' },
        seed: { type: 'string', default: 'jember' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}
