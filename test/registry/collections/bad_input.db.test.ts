import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../../support/app.ts';
import { testDatabase } from '../../support/database.ts';
import { realData, realTest } from '../../support/real_data.ts';
import { ogc, ogcApp } from './support.ts';

const { connection } = await testDatabase();
let site: TestApp;
beforeAll(async () => {
  site = await ogcApp(connection, 12);
});

const camera = `${ogc}/collections/camera/items`;

async function refused(path: string, status = 400): Promise<string> {
  const response = await site.app.request(path);
  const body = await response.text();
  expect(response.status, `${path}: ${body}`).toBe(status);
  expect(response.headers.get('Content-Type')).toContain('application/problem+json');
  expect(site.complaints).toEqual([]);
  return JSON.parse(body).detail;
}

test('an order, and a cursor of an order, that no link had', async () => {
  const gauge = `${ogc}/collections/river_gauge/items`;
  for (const sortby of ['', 'no_such', 'geom', 'level_cm,name', '--name', "name'"])
    expect(await refused(`${gauge}?sortby=${encodeURIComponent(sortby)}`)).toContain("'sortby'");
  const cursor = (text: string) => `cursor=${Buffer.from(text).toString('base64url')}`;
  for (const [sortby, values] of [
    ['level_cm', ['"x"', '"1e999"', '"NaN"', '"1;drop"', '1', '"']],
    ['observed_at', ['"2026-02-31 00:00:00+00"', '"now"', '"2026-13-01 00:00:00+00"']],
    ['version', ['"99999999999"', '"1.5"']],
    ['trend', ['"rising"']],
    ['name', ['"a\\u0000"']],
  ] as const)
    for (const value of values)
      expect(await refused(`${gauge}?sortby=${sortby}&${cursor(`after:1:${value}`)}`)).toContain("'cursor'");
  expect(await refused(`${gauge}?sortby=name&${cursor('after:1')}`)).toContain("'cursor'");
  expect(await refused(`${gauge}?${cursor('after:1:"x"')}`)).toContain("'cursor'");
});

describe('what is wrong is said, with a 4xx', () => {
  test.each([
    [
      'bbox',
      [
        '',
        '1,2,3',
        '1,2,3,4,5',
        'a,b,c,d',
        '1,2,3,',
        'NaN,1,2,3',
        '1e999,0,1,1',
        '1,2,3,1',
        '-181,0,1,1',
        '0,0,0,91',
        '113,-8,114,-7,',
        '0x1,0,1,1',
        '180,-9,-179,-8',
        ',,,',
      ],
    ],
    ['limit', ['', '0', '-1', '1.5', '1e2', 'ten', ' 5', '5;', '٣']],
    [
      'datetime',
      [
        '',
        '/',
        '../..',
        'now',
        '2026',
        '2026-13-01',
        '2026-02-30/..',
        '2026-01-02/2026-01-01',
        '2026-01-01T00:00:00',
        '2026-01-01T25:00:00Z',
        '2026-01-01/2026-01-02/2026-01-03',
        '0000-01-01/..',
        '2026-01-01T00:00:60Z/..',
      ],
    ],
    ['crs', ['', 'EPSG:4326', 'http://www.opengis.net/def/crs/EPSG/0/3857']],
    ['bbox-crs', ['http://www.opengis.net/def/crs/OGC/0/CRS84h']],
    ['filter-crs', ['CRS84']],
    ['filter-lang', ['cql-text', 'CQL2-TEXT', '']],
    [
      'filter',
      [
        '',
        'status',
        "status = 'x'",
        'colour = 1',
        "name = 'a'; drop table camera",
        '('.repeat(2000),
        'NOT '.repeat(900),
        "name = '\0'",
      ],
    ],
    [
      'cursor',
      [
        '',
        'x',
        '5',
        Buffer.from('after:-1').toString('base64url'),
        Buffer.from('after:1e5').toString('base64url'),
        'a'.repeat(2000),
      ],
    ],
    ['status', ['x', '', 'OFFLINE']],
    ['ptz', ['yes', '1', '']],
    ['retention_days', ['x', '', '1e400', '0x10']],
    ['observed_at', ['yesterday', '']],
    ['name', ['\0']],
    ['geom', ['POINT(1 2)']],
    ['f', ['xml', '']],
    ['lang', ['jv']],
    ['where', ['1=1']],
    ['__proto__', ['1']],
  ])('%s', async (name, values) => {
    for (const value of values)
      expect(await refused(`${camera}?${new URLSearchParams({ [name]: value })}`)).not.toBe('');
  });

  test('the message names the parameter and what it may be', async () => {
    expect(await refused(`${camera}?status=broken`)).toBe(
      "'broken' is not a value of 'status'; valid: 'online', 'degraded', 'offline', 'disabled', 'unknown' (at parameter 'status').",
    );
    expect(await refused(`${camera}?colour=red`)).toMatch(
      /^There is no parameter 'colour' here; known: bbox, bbox-crs, datetime, .*, status, .*, f, lang\.$/,
    );
    expect(await refused(`${camera}?limit=0`)).toBe("'limit' is a whole number from 1 to 10000.");
    expect(await refused(`${camera}?bbox=1,2,3,1`)).toBe(
      "The bbox has its south above its north (at parameter 'bbox').",
    );
    expect(await refused(`${camera}?status=online&status=offline`)).toBe("The parameter 'status' is given twice.");
  });

  test('unknown collections and features are 404', async () => {
    for (const path of [
      '/collections/nothing',
      '/collections/nothing/items',
      '/collections/Camera',
      '/collections/camera/items/0',
      '/collections/camera/items/999999999',
      '/collections/camera/items/99999999999999999999',
      '/collections/camera/items/-1',
      '/collections/camera/items/x',
      '/collections/camera/items/1%27',
      '/collections/constructor/items',
      '/nothing',
    ])
      await refused(ogc + path, 404);
  });

  test('escapes in an address that are no text are said to be wrong; a sign alone is what it is', async () => {
    for (const name of ['name', 'status', 'filter', 'limit'])
      expect(await refused(`${camera}?${name}=%E0%A4%A`)).toBe(`The escapes of the parameter '${name}' are not UTF-8.`);
    expect(await refused(`${camera}?%FF=1`)).toContain('There is no parameter');
    for (const path of [`${ogc}/collections/%E0%A4%A/items`, `${camera}/%FF`, `${ogc}/%`, '/%E0%A4%A', '/api/%'])
      expect(await refused(path, 404), path).not.toBe('');
    for (const path of [
      '/tiles/%E0%A4%A/0/0/0',
      '/tiles/%FF.json',
      '/api/search?q=a&layers=%FF',
      '/api/layers/%/state',
    ])
      expect(await refused(path, 404), path).not.toBe('');
    expect(await refused('/tiles/camera/0/%FF/0')).not.toBe('');
    expect(await refused('/tiles/camera/0/0/0?filter=%E0%A4%A')).not.toBe('');
    for (const value of ['%', '%zz', '%EF%BF%BD']) {
      const response = await site.app.request(`${camera}?name=${value}`);
      expect([response.status, (await response.json()).numberMatched], value).toEqual([200, 0]);
    }
    expect(site.complaints).toEqual([]);
  });
});

realTest(
  'hostile strings in every parameter: an answer or a 4xx, never an error of the server',
  ['conformance/strings/blns.json'],
  async () => {
    const strings: string[] = JSON.parse(readFileSync(realData('conformance/strings/blns.json'), 'utf8'));
    const names = [
      'bbox',
      'limit',
      'datetime',
      'filter',
      'cursor',
      'crs',
      'name',
      'status',
      'observed_at',
      'retention_days',
    ];
    for (const text of strings)
      for (const name of names) {
        const response = await site.app.request(`${camera}?${new URLSearchParams({ [name]: text })}`);
        expect([200, 400], `${name}=${text}`).toContain(response.status);
      }
    for (const text of strings) {
      const { status } = await site.app.request(
        `${ogc}/collections/${encodeURIComponent(text)}/items/${encodeURIComponent(text)}`,
      );
      expect([200, 400, 404], text).toContain(status);
    }
    expect(site.complaints).toEqual([]);
  },
);
