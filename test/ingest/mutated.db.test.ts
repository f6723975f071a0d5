import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { mutations } from '../support/mutate.ts';

/** Lines and features that are nearly right, through the front door: never a fault of ours, and nothing half-written. */
const { connection } = await testDatabase();
const { db } = connection;
const { app, complaints } = await testApp(connection);
const observed_at = new Date(Date.now() - 60_000).toISOString();
const [lon, lat] = [113.7, -8.17];
const rounds = connection.kind === 'server' ? 400 : 150;

const record = (code: string, n: number) => ({
  ...{ code, observed_at, lon, lat, speed_km_h: 10 * n, state: 'available', task: 'é"\\' },
});
const feature = (id: string, n: number) => ({
  ...{ type: 'Feature', id, bbox: [113, -9, 114, -8] },
  properties: { observed_at, speed_km_h: n, state: 'available', battery_percent: 40 },
  geometry: { type: 'Point', coordinates: [lon, lat, 12] },
});
const codes = ['A', 'B', 'C', 'D'];
const line = { before: '', after: '\n' };
const bodies = {
  'application/x-ndjson': [codes.map(record), line],
  'application/geo+json': [[{ type: 'FeatureCollection', features: codes.map(feature) }], line],
  'application/geo+json-seq': [codes.map(feature), { before: '\u001e', after: '\n' }],
} as const;

const post = (type: string, body: string | Uint8Array<ArrayBuffer>) =>
  app.request('/api/ingest/unit', { method: 'POST', headers: { 'Content-Type': type }, body });
const clear = async () => {
  for (const table of ['unit', 'unit_series']) await sql`delete from ${sql.table(table)}`.execute(db);
};
/** Everything that a body can leave behind. */
async function counted() {
  const { rows } = await sql<{ units: number; kept: number; changes: number }>`
    select (select count(*)::int from unit) as units, (select count(*)::int from unit_series) as kept,
      (select count(*)::int from change where layer = 'unit') as changes`.execute(db);
  return rows[0]!;
}

describe.each(Object.entries(bodies))('%s', (type, [texts, framing]) => {
  test('mutated, is answered with what became of each record; what is refused leaves nothing', async () => {
    await clear();
    const whole = texts.map((each) => `${framing.before}${JSON.stringify(each)}${framing.after}`).join('');
    expect(await (await post(type, whole)).json()).toEqual({ accepted: 4, known: 0, suspect: 0, rejected: [] });
    const mutated = mutations(texts, framing, 44);
    const met = { whole: 0, partly: 0, rejected: 0, unreadable: 0 };
    for (let round = 0; round < rounds; round++) {
      await clear();
      const before = await counted();
      const bytes = mutated();
      const response = await post(type, bytes);
      const body = Buffer.from(bytes).toString();
      expect([200, 400], body).toContain(response.status);
      const answer = await response.json();
      const after = await counted();
      if (response.status === 400) {
        met.unreadable++;
        expect(answer, body).toMatchObject({ type: 'urn:pendopo:problem:bad_request', detail: expect.any(String) });
        expect(after, body).toEqual(before);
        continue;
      }
      const { accepted, known, suspect, rejected } = answer;
      for (const { index, reason } of rejected) expect([index >= 0, reason.length > 5], body).toEqual([true, true]);
      if (accepted + suspect === 0) expect(after, body).toEqual(before);
      // A unit says where it is, or its speed, or its state; what says neither is on the row alone.
      expect(after.kept, body).toBeLessThanOrEqual(accepted + suspect);
      expect(after.units, body).toBeLessThanOrEqual(accepted);
      expect(after.units > 0, body).toBe(accepted > 0);
      met[rejected.length === 0 ? 'whole' : accepted + known > 0 ? 'partly' : 'rejected']++;
    }
    // It has gone each way, so each was tried.
    for (const [way, times] of Object.entries(met)) expect(times, way).toBeGreaterThan(0);
    const { rows } = await sql`select 1 from unit where speed_km_h not between 0 and 300
      or st_x(geom) not between 113.2 and 114.1`.execute(db);
    expect([rows, complaints]).toEqual([[], []]);
  });
});
