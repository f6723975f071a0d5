import { parseArgs } from 'node:util';
import { config } from '../server/config.ts';
import { connect } from '../server/database/connect.ts';
import { migrate } from '../server/database/migrate.ts';
import { seed } from './seed.ts';

/** `npm run seed -- --scale 1`: fills the demo regency into the layers that are still empty. */
const { values } = parseArgs({
  options: { scale: { type: 'string', default: '0.1' }, seed: { type: 'string', default: 'jember' } },
});
const scale = Number(values.scale);
if (!(scale > 0 && scale <= 8)) {
  console.error('--scale is a number above 0, at most 8; 1 is 650,000 businesses.');
  process.exit(2);
}
const { DATABASE_URL, DATA_DIR } = config();
try {
  const connection = await connect({ databaseUrl: DATABASE_URL, dataDir: DATA_DIR, onProgress: console.log });
  await migrate(connection, console.log);
  await seed(connection, { scale, seed: values.seed, onProgress: console.log });
  await connection.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
