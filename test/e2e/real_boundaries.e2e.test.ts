import { sql } from 'kysely';
import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { importInto } from '../support/import.ts';
import { difference, eventually } from '../support/map_page.ts';
import { realData, whereReal } from '../support/real_data.ts';

const test = await browserTests();
const file = 'boundaries/jember_desa.geojson';
const title =
  'official villages take the place of schematic ones: the note goes, names are written, a click tells of one';

whereReal(title, [file], () =>
  test(title, async ({ open, connection }) => {
    await sql`update village set source = 'schematic'`.execute(connection.db);
    const map = await open('/?at=113.7,-8.17,12&layers=village&base=none');
    const { page, connected, pixel, picture } = map;
    await connected();
    const note = page.getByText('Batas wilayah skematis', { exact: true });
    await note.waitFor();
    const report = await importInto(connection, 'village', realData(file), { region: [113.2, -8.65, 114.1, -7.9] });
    expect(report).toMatchObject({ read: 248, rejected: 0 });

    await page.goto('/?at=113.7,-8.17,12&layers=village&base=none');
    await eventually(() => page.locator('[data-layer=village]').getAttribute('aria-description')).toMatch(
      /^\d\d dalam tampilan · 248 semua$/,
    );
    await connected();
    expect(await note.count()).toBe(0);
    // A dozen names and more of some hundred pixels each.
    await page.goto('/?at=113.7,-8.17,12&layers=village:1:bare&base=none');
    await connected();
    const bare = await picture();
    await page.goto('/?at=113.7,-8.17,12&layers=village&base=none');
    await eventually(async () => difference(bare, await picture())).toBeGreaterThan(2000);

    const { rows } = await sql<{ lon: number; lat: number; id: number; name: string }>`
      select st_x(p) as lon, st_y(p) as lat, id, name
      from (select id, name, st_pointonsurface(geom) as p from village where code = '35.09.19.1006') as town`.execute(
      connection.db,
    );
    const { lon, lat, id, name } = rows[0]!;
    await page.goto(`/?at=${lon.toFixed(5)},${lat.toFixed(5)},13&layers=village&base=none`);
    await connected();
    const inspector = page.locator('aside[data-feature]');
    const { x, y } = await pixel([lon, lat]);
    await eventually(async () => {
      await page.mouse.click(x, y);
      return inspector.count();
    }).toBe(1);
    expect(await inspector.getAttribute('data-feature')).toBe(`village/${id}`);
    await eventually(() => inspector.locator('h2').textContent()).toBe(name);
    await eventually(() => inspector.textContent()).toMatch(/35\.09\.19\.1006.*JenisKelurahan/s);
  }),
);
