import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openWithGdal } from './gdal.ts';
import type { ImportRow, Source } from './row.ts';

/**
 * A table whose columns hold places in the coordinate system `srs`, in longitude and latitude. GDAL is given the places
 * alone, numbered: the values stay as this importer read them. A place that `srs` does not reach is a fault of its row.
 * @throws Problem `invalid_input`: no such coordinate system.
 */
export async function reprojected(source: Source, srs: string, onConverted?: (bytes: number) => void): Promise<Source> {
  const folder = await mkdtemp(join(tmpdir(), 'pendopo-places-'));
  try {
    const file = join(folder, 'places.geojsonl');
    let count = 0;
    await pipeline(
      Readable.from(
        (async function* () {
          for await (const { number, geometry } of source.rows(() => {})) {
            if (!geometry) continue;
            count++;
            yield `${JSON.stringify({ type: 'Feature', properties: { number }, geometry })}\n`;
          }
        })(),
      ),
      createWriteStream(file),
    );
    if (count === 0) return source;
    const places = await openWithGdal(file, { srs, skipFailures: true, ...(onConverted && { onConverted }) });
    return {
      ...source,
      crs: srs,
      rows: (note) =>
        merged(
          source.rows(note),
          places.rows(() => {}),
          srs,
        ),
      async close() {
        await places.close();
        await source.close();
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Both in the order of the file; a row whose place is missing among `places` has one that cannot be converted. */
async function* merged(
  rows: ReturnType<Source['rows']>,
  places: ReturnType<Source['rows']>,
  srs: string,
): AsyncGenerator<ImportRow> {
  try {
    let next = await places.next();
    for await (const row of rows) {
      if (!row.geometry) yield row;
      else if (next.done || next.value.properties.number !== row.number || !next.value.geometry)
        yield { ...row, geometry: null, fault: `a place that is not in ${srs}` };
      else yield { ...row, geometry: next.value.geometry };
      if (!next.done && next.value.properties.number === row.number) next = await places.next();
    }
  } finally {
    await places.return(undefined);
  }
}
