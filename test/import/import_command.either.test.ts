import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { importCommand } from '../../server/import_command.ts';
import { readCommandLine } from '../../server/ingest/import/command_line.ts';
import { roles } from '../../server/registry/role.ts';
import { runtimeLayers } from '../../server/registry/runtime_layers.ts';
import { viewOf } from '../../server/registry/view.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { startChild } from '../support/child.ts';
import { testLocation } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { shown } from '../support/shown.ts';

const location = await testLocation();
const folder = temporaryFolder();

const { databaseUrl = '', dataDir } = location;
const environment = { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR: dataDir };

interface Ended {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** `npm run import -- …` on this file's own database, in a process of its own. */
async function started(...parameters: readonly string[]): Promise<Ended> {
  const script = new URL('../../server/import.ts', import.meta.url);
  const { code, lines, errors } = await startChild(script, parameters, environment).ended;
  return { status: code ?? -1, output: lines.join('\n'), errors };
}

/** The same without the process, which takes most of the time. */
async function command(...parameters: readonly string[]): Promise<Ended> {
  const said = { log: [] as unknown[], error: [] as unknown[] };
  const status = await importCommand(parameters, environment, {
    log: (text) => void said.log.push(text),
    error: (text) => void said.error.push(text),
  });
  return { status, output: said.log.map(String).join('\n'), errors: said.error.map(shown).join('\n') };
}

const table = join(folder, 'posko.csv');
writeFileSync(
  table,
  'kode;nama;daya tampung;bujur;lintang\nP-1;Posko Satu;0;113,6;-8,2\nP-2;Posko Dua;banyak;113,6;-8,2\nP-3;Posko Jauh;5;106,8;-6,2\n',
);

test('what was found, where it goes, the summary, each fault; all faults in a file', async () => {
  const faults = join(folder, 'faults.tsv');
  const { status, output } = await started('shelter', table, '--report', faults);
  expect(status).toBe(0);
  expect(output).toContain('CSV (;), EPSG:4326: 3 rows → shelter (Point)');
  expect(output).toMatch(/^ {2}capacity\s+← daya tampung {2}\(Daya tampung\)$/m);
  expect(output).toMatch(/^3 read, 1 inserted, 0 updated, 0 unchanged, 2 rejected$/m);
  expect(output).toContain('row 3: outside the region (106.8, -6.2, 106.8, -6.2); use --anywhere');
  expect(readFileSync(faults, 'utf8')).toBe(
    '2\tcapacity (daya tampung): "banyak" is not a number\n3\toutside the region (106.8, -6.2, 106.8, -6.2); use --anywhere\n',
  );
});

test('when no row fits, the first reasons are printed and all are written, as in any other run', async () => {
  const lines = Array.from({ length: 25 }, (_, i) => `J-${i},Posko ${i},106.8,-6.2`);
  const far = join(folder, 'far.csv');
  writeFileSync(far, ['kode,nama,lon,lat', ...lines].join('\n'));
  const faults = join(folder, 'all_faults.tsv');
  const { status, output, errors } = await command('shelter', far, '--report', faults);
  expect(status).toBe(1);
  expect(errors).toContain('None of the 25 rows can be stored, nothing was changed. 25 of them as row 1: outside');
  expect(output).toMatch(/^25 read, 0 inserted, 0 updated, 0 unchanged, 25 rejected$/m);
  expect(output.match(/^row \d+: outside the region/gm)).toHaveLength(20);
  expect(output).toContain('5 more; --report FILE writes all');
  expect(readFileSync(faults, 'utf8').trimEnd().split('\n')).toHaveLength(25);
});

test('a layer that is there is not published by an import', () => {
  expect(() => readCommandLine(['shelter', table, '--public'], [0, 0, 1, 1], 'Asia/Jakarta')).toThrow(
    /who sees "shelter" is decided/,
  );
});

test('options are read, and wrong ones say so', async () => {
  const anywhere = await command('shelter', table, '--anywhere', '--map', 'capacity=-', '--dry-run');
  expect(anywhere.output).toMatch(/^3 read, 2 inserted, 0 updated, 1 unchanged, 0 rejected$/m);
  expect(anywhere.output).toContain('dry run: nothing was changed');
  for (const [given, says] of [
    [['shelter'], /npm run import -- LAYER FILE/],
    [['shelter', table, '--mapp', 'x=y'], /Unknown option '--mapp'/],
    [['shelter', table, '--map', 'xy'], /write ATTRIBUTE=FIELD/],
    [['shelter', table, '--numbers', 'de'], /id or en/],
    [['shelter', table, '--kind', 'nama=text'], /--kind is of a new layer/],
    [['new', table, '--id', 'x', '--title', 'X', '--kind', 'nama=long'], /text, integer, number/],
    [['new', table, '--id', 'x', '--title', 'X', '--kind', 'umur=text'], /no field "umur"/],
    [['shelter', table, '--timezone', 'Jember'], /not a zone like Asia\/Jakarta/],
    [['shelte', table], /no layer "shelte". Did you mean shelter\?/],
    [['shelter', join(folder, 'absent.csv')], /There is no file/],
    [['new', table], /--id and --title/],
  ] as const) {
    const { status, errors } = await command(...given);
    expect({ given, status, errors }).toMatchObject({ status: 1, errors: expect.stringMatching(says) });
    expect(errors).not.toMatch(/^\s+at /m);
  }
});

test('a new layer is imported into by its name afterwards', async () => {
  const named = ['--id', 'post', '--title', 'Posko', '--title-en', 'Post'];
  const made = await command('new', table, ...named, '--public', '--anywhere');
  expect(made.output).toContain('seen by: everybody, also without signing in');
  expect(made.output).not.toContain('WARNING');
  expect(made).toMatchObject({ status: 0, output: expect.stringMatching(/new layer post: Posko\n3 read, 3 inserted/) });
  const again = await command('post', table, '--anywhere');
  expect(again.output).toMatch(/^3 read, 0 inserted, 0 updated, 3 unchanged, 0 rejected$/m);
});

test('a column that one odd value makes a text is told, and --kind makes it what the others are', async () => {
  const heights = join(folder, 'pohon.csv');
  writeFileSync(heights, 'kode,tinggi_m,lon,lat\nT-1,12.5,113.6,-8.2\nT-2,abc,113.6,-8.2\nT-3,9,113.6,-8.2\n');
  const make = ['new', heights, '--id', 'tall_tree', '--title', 'Pohon'];
  const tried = await command(...make, '--dry-run');
  expect(tried.output).toContain('tinggi_m ← tinggi_m  (text, because of row 2: "abc")');
  const made = await command(...make, '--kind', 'tinggi_m=number');
  expect(made.output).toContain('tinggi_m ← tinggi_m  (number)');
  expect(made.output).toMatch(
    /^3 read, 2 inserted, .* 1 rejected\nrow 2: tinggi_m \(tinggi_m\): "abc" is not a number$/m,
  );
});

test('a new layer is for the house until it is published, and data of people are pointed out before', async () => {
  const persons = join(folder, 'warga.csv');
  writeFileSync(
    persons,
    'nama pelapor,NIK,jalan,hubungi,lon,lat\nBudi,3509190101800001,Jl. Gajah Mada,0812-3456-7890,113.6,-8.2\n',
  );
  const kept = await command('new', persons, '--id', 'resident', '--title', 'Warga');
  expect(kept.output).toContain('seen by: only who works here; --public makes it for everybody');
  expect(kept.output).toContain('WARNING: nama pelapor, NIK, hubungi look like data of people.');
  const connection = await connect(location);
  try {
    const made = new Map((await runtimeLayers(connection.db)).map((layer) => [layer.id, layer]));
    const seeing = (id: string) => roles.filter((role) => viewOf(made.get(id)!, visitor(role)) !== undefined);
    expect(made.get('post')?.title).toEqual({ id: 'Posko', en: 'Post' });
    expect(made.get('resident')?.title).toEqual({ id: 'Warga', en: 'Warga' });
    expect(seeing('post')).toEqual(roles);
    expect(roles.filter((role) => !seeing('resident').includes(role))).toEqual(['public', 'investor', 'citizen']);
  } finally {
    await connection.close();
  }
});

test('without the DATA_DIR of the server no other database is made', async () => {
  const elsewhere = join(folder, 'elsewhere');
  const said: string[] = [];
  const status = await importCommand(
    ['shelter', table],
    { DATABASE_URL: '', DATA_DIR: elsewhere },
    { log: (text) => void said.push(String(text)), error: (text) => void said.push(String(text)) },
  );
  expect({ status, said }).toEqual({
    status: 1,
    said: [`There is no database in ${elsewhere}: set DATA_DIR (or DATABASE_URL) as for the server.`],
  });
  expect(existsSync(elsewhere)).toBe(false);
});

// A server is opened by any number of processes; only the embedded database has a lock.
if (process.env.TEST_DB !== 'pg')
  test('the embedded database is refused while somebody has it open', async () => {
    const connection = await connect(location);
    try {
      const { status, errors } = await started('shelter', table);
      expect(status).toBe(1);
      expect(errors).toMatch(/another process|in use/i);
      expect(errors).not.toMatch(/^\s+at /m);
      const { rows } = await sql`select count(*) as shelters from shelter`.execute(connection.db);
      expect(rows).toEqual([{ shelters: 1 }]);
    } finally {
      await connection.close();
    }
  });
