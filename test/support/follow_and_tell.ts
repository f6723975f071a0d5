import { pino } from 'pino';
import { connect } from '../../server/database/connect.ts';
import { LiveCopy } from '../../server/live/copy.ts';
import { follow } from '../../server/live/follower.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { pictureHash } from './picture.ts';

/**
 * A process with a live copy of its own: `node follow_and_tell.ts <postgres://…> <layers>` says `following`, a line
 * `change {…}` for each change, and after one of the layer `siren`, which ends it, `picture <hash>`.
 */
const [, , databaseUrl = '', wanted = ''] = process.argv;
const connection = await connect({ databaseUrl, dataDir: '' });
const live = new LiveCopy(connection);
await live.load((await layerFiles()).filter(({ id }) => wanted.split(',').includes(id)));
const ended = Promise.withResolvers<void>();
live.watch({
  advanced({ changes }) {
    for (const { seq, xid, layer, op, ids } of changes)
      console.log(`change ${JSON.stringify({ seq, xid, layer, op, ids })}`);
    if (changes.some(({ layer }) => layer === 'siren')) ended.resolve();
  },
  reloaded: () => console.log('reloaded'),
});
const follower = await follow(connection, live, pino({ level: 'silent' }));
console.log('following');
await ended.promise;
console.log(`picture ${pictureHash(live)}`);
await follower.stop();
await connection.close();
