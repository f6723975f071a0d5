import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { takeMessage } from '../../server/ingest/messages.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { realData, realTest } from '../support/real_data.ts';

/** What nobody thought of, through every door: a clear answer, what can be told comes back as it was, and nothing is half-written. */
const { connection } = await testDatabase();
const { db } = connection;
const { app, parts, complaints } = await testApp(connection);
const observed_at = new Date(Date.now() - 60_000).toISOString();
const place = { lon: 113.7, lat: -8.17 };

afterEach(async () => {
  complaints.length = 0;
  await sql`delete from unit`.execute(db);
});

const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
  app.request('/api/ingest/unit', { method: 'POST', headers: { 'Content-Type': type }, body });
const tasks = async () => {
  const { rows } = await sql<{ code: string; task: string }>`select code, task from unit`.execute(db);
  return new Map(rows.map(({ code, task }) => [code, task]));
};

const doors = {
  json: (records: object[]) => post(JSON.stringify(records)),
  ndjson: (records: object[]) =>
    post(records.map((record) => JSON.stringify(record)).join('\n'), 'application/x-ndjson'),
  geojson: (records: object[]) => {
    const features = records.map((properties) => ({
      ...{ type: 'Feature', properties },
      geometry: { type: 'Point', coordinates: [place.lon, place.lat] },
    }));
    return post(JSON.stringify({ type: 'FeatureCollection', features }), 'application/geo+json');
  },
};

const strings = 'conformance/strings/blns.json';
realTest('the big list of naughty strings comes back as it is, or is refused with its reason', [strings], async () => {
  const naughty: string[] = JSON.parse(readFileSync(realData(strings), 'utf8'));
  for (const [door, send] of Object.entries(doors)) {
    const records = naughty.map((task, n) => ({
      ...{ code: `${door}-${n}`, observed_at, task },
      ...(door !== 'geojson' && place),
    }));
    const receipt = await (await send(records)).json();
    expect(receipt.accepted + receipt.rejected.length, door).toBe(naughty.length);
    expect(receipt.rejected.length, door).toBeLessThan(naughty.length / 10);
    const refused = new Set(receipt.rejected.map(({ code }: { code: string }) => code));
    const stored = await tasks();
    for (const { code, task } of records) {
      if (refused.has(code)) continue;
      const kept = stored.get(code) ?? '';
      if (task.trim() === '')
        expect(kept.trim()).toBe(''); // blank may be none
      else expect(kept).toBe(task);
    }
  }
  // As the code of a thing they are an address as well.
  for (const [n, code] of naughty.entries()) {
    const body = new TextEncoder().encode(JSON.stringify({ observed_at, task: `m${n}`, ...place }));
    await takeMessage(parts, `pendopo/unit/${code}`, body);
  }
  expect(complaints.every((line) => JSON.parse(line).msg === 'MQTT message refused')).toBe(true);
  const codes = [...(await tasks()).keys()].filter((code) => naughty.some((text) => text.trim() === code));
  expect(codes.length).toBeGreaterThan(naughty.length / 2);
});

test('mutated bytes are taken, refused or a bad request, never a fault of ours', async () => {
  const random = seededRandom(33);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const bits = [
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\\u0000',
    '\\ud800',
    '1e400',
    '-0',
    'null',
    'NaN',
    '9'.repeat(400),
    ' ',
  ];
  const text = JSON.stringify([
    { code: 'A', observed_at, speed_km_h: 12.5, state: 'available', ...place },
    { code: 'B', observed_at, course_deg: 90, name: 'Dua', ...place },
  ]);
  const mutated = () => {
    const bytes = Buffer.from(text);
    for (let n = 0; n < 1 + random() * 4; n++) {
      const at = Math.floor(random() * bytes.length);
      const what = random();
      if (what < 0.4) bytes[at] = Math.floor(random() * 256);
      else if (what < 0.7) bytes.copyWithin(at, Math.floor(random() * bytes.length));
      else bytes.write(pick(bits), at);
    }
    return new Uint8Array(bytes);
  };
  for (let round = 0; round < 400; round++) {
    const bytes = mutated();
    const type = pick(['application/json', 'application/x-ndjson', 'application/geo+json']);
    const response = await post(bytes, type);
    expect([200, 400], Buffer.from(bytes).toString()).toContain(response.status);
    await takeMessage(parts, pick(['pendopo/unit/A', 'v1.1/Datastreams(1)/Observations', 'pendopo/unit/']), bytes);
  }
  // Nothing of it is outside the limits of its attribute, and what follows is taken as ever.
  const { rows } = await sql`select code from unit where speed_km_h > 300 or course_deg not between 0 and 360`.execute(
    db,
  );
  expect(rows).toEqual([]);
  expect(await (await post(JSON.stringify({ code: 'C', observed_at, ...place }))).json()).toMatchObject({
    accepted: 1,
  });
});
