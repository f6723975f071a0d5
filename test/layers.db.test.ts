import { readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { changesAfter, position } from '../server/database/change_log.ts';
import { DatabaseError } from '../server/database/database_error.ts';
import { seriesTable } from '../server/database/series_table.ts';
import type { Bilingual } from '../server/registry/attribute.ts';
import { catalogueLayer, type Summary } from '../server/registry/catalogue.ts';
import { columnDefinitions, columnTypes } from '../server/registry/ddl.ts';
import { masksOf, viewFilter } from '../server/registry/filter/filter.ts';
import { icons } from '../server/registry/icon.ts';
import { attributesOf, drawOrderOf, drawOrders, type Layer } from '../server/registry/layer.ts';
import { layerFiles } from '../server/registry/registry.ts';
import { roles } from '../server/registry/role.ts';
import { commonProperties } from '../server/registry/schema.ts';
import { severities } from '../server/registry/severity.ts';
import type { Expression } from '../server/registry/style_rule.ts';
import { viewOf } from '../server/registry/view.ts';
import { visitor } from '../server/registry/viewer.ts';
import { testDatabase } from './support/database.ts';
import { migrationText, seriesColumns, seriesText } from './support/migration_text.ts';
import { plainValue } from './support/rows.ts';

/** The contract of every file in `server/layers/`: what it declares, and that its table holds rows to that. */
const layers = await layerFiles();
const { connection } = await testDatabase();
const { db } = connection;

const checkViolation = '23514';
const notNullViolation = '23502';
const uniqueViolation = '23505';
/** Columns that `createLayerTable` gives every layer. */
const common = 'id code geom version created_at updated_at observed_at agency area_code source'.split(' ');
/** Terms that are the same word in both languages. */
const sameWord =
  /^(Status|Normal|Manual|UMKM|NIB|VVIP|ICU|NICU|PICU|RTSP|ONVIF|HLS|FLV|MJPEG|WebRTC \(WHEP\)|RSMP Nordic|NTCIP 1202|Simulator|WhatsApp|SP4N-LAPOR!|Open311|SMS|MQTT|Modbus|Siaga 4 · normal)$/;
const nothing: Summary = { count: 0, unlocated: 0, bbox: null, newest: null, sources: {}, states: {} };

const numbers = (await readdir(new URL('../migrations/', import.meta.url))).map((file) => Number.parseInt(file, 10));
const nextNumber = String(Math.max(...numbers.filter(Number.isFinite)) + 1).padStart(4, '0');
const { rows: followed } = await sql<{ name: string }>`
  select tgrelid::regclass::text as name from pg_trigger where tgname = 'change_insert' order by 1`.execute(db);
const tables = followed.map(({ name }) => name).filter((name) => name !== 'layer_definition');

test('there are layer files, each with its own table and no table without a file', () => {
  expect(layers.length).toBeGreaterThan(0);
  const missing = layers.filter(({ id }) => !tables.includes(id));
  // As it is to be written, not as a difference.
  if (missing.length > 0)
    throw new Error(`missing: a migration\n\n${missing.map((layer) => migrationText(layer, nextNumber)).join('\n')}`);
  expect(tables).toEqual(layers.map(({ id }) => id).toSorted());
});

describe.each(layers.map((layer) => [layer.id, layer] as const))('%s', (id, layer) => {
  const attributes = attributesOf(layer);
  const choiceValues = (key: string) => {
    const attribute = attributes.get(key);
    return attribute?.kind === 'choice' ? Object.entries(attribute.choices) : [];
  };

  describe('declares', () => {
    test('one spelling: [a-z_], and attributes that no common column hides', () => {
      expect(id).toMatch(/^[a-z]+(_[a-z]+)*$/);
      for (const key of attributes.keys()) {
        expect(key).toMatch(/^[a-z][a-z0-9_]{0,47}$/);
        expect(common).not.toContain(key);
      }
      expect(icons).toContain(layer.icon);
    });

    test('every text in two languages', () => {
      for (const { id: indonesian, en } of textsOf(layer)) {
        expect(indonesian.trim(), en).not.toBe('');
        expect(en.trim(), indonesian).not.toBe('');
        if (sameWord.test(indonesian)) continue;
        expect(indonesian.toLowerCase(), 'translate it, or name it in sameWord above').not.toBe(en.toLowerCase());
      }
    });

    test('a name that every row has', () => {
      expect(attributes.get(layer.name)).toMatchObject({ kind: 'text', required: true });
      expect(layer.tile).toContain(layer.name);
    });

    test('a state whose every value has a severity, or none', () => {
      if (layer.state === undefined) return;
      expect(layer.tile).toContain(layer.state);
      expect(choiceValues(layer.state).length).toBeGreaterThan(1);
      for (const [value, { severity }] of choiceValues(layer.state)) expect(severities, value).toContain(severity);
    });

    test('a lean tile of attributes and common columns that exist', () => {
      expect(new Set(layer.tile).size).toBe(layer.tile.length);
      expect(layer.tile.length, 'what is drawn travels in tiles, the rest is one click away').toBeLessThanOrEqual(8);
      for (const key of layer.tile) expect(attributes.has(key) || key in commonProperties, key).toBe(true);
      if (layer.valueLabel) expect(layer.tile).toContain(layer.valueLabel);
    });

    test('a legend in which every value finds its rule', () => {
      const reading = new Set(layer.style.flatMap(({ filter }) => (filter ? reads(filter) : [])));
      for (const key of [...reading, ...(layer.state ? [layer.state] : [])]) {
        expect(layer.tile, 'a style can only read the tile').toContain(key);
        for (const [value, { severity }] of choiceValues(key)) {
          const rule = layer.style.find(({ filter }) => filter === undefined || holds(filter, { [key]: value }));
          expect(rule, `${key} = ${value}`).toBeDefined();
          // A shape shows its state by the colour of its outline.
          const shown = layer.geometry === 'Point' ? rule?.severity : rule?.stroke?.color;
          if (key === layer.state) expect(shown, value).toBe(severity);
        }
      }
      expect(layer.style.at(-1)?.filter, 'the last rule is for whatever is left, also null').toBeUndefined();
      const last = layer.style.at(-1);
      if (layer.state) expect(layer.geometry === 'Point' ? last?.severity : last?.stroke?.color).toBe('unknown');
      for (const { stroke, fill, severity, icon } of layer.style) {
        if (layer.geometry === 'Point') expect([stroke, fill]).toEqual([undefined, undefined]);
        else {
          expect([severity, icon]).toEqual([undefined, undefined]);
          expect(stroke ?? fill).toBeDefined();
        }
      }
    });

    test('from which zoom it is drawn in full, and what comes below', () => {
      expect(Number.isInteger(layer.fullZoom)).toBe(true);
      expect(layer.fullZoom).toBeGreaterThanOrEqual(0);
      expect(layer.fullZoom).toBeLessThanOrEqual(16);
      expect(layer.below).not.toBe(layer.geometry === 'Point' ? 'simplify' : 'cluster');
      if (layer.densityBelow === undefined) return;
      expect(layer.below, 'densityBelow is of clusters').toBe('cluster');
      expect(layer.densityBelow).toBeLessThanOrEqual(layer.fullZoom);
    });

    test('how old an observation may be, when the tile carries its time', () => {
      const ages = layer.staleAfterMinutes !== undefined;
      expect(layer.tile.includes('observed_at'), "staleAfterMinutes and 'observed_at' in tile go together").toBe(ages);
      if (layer.staleAfterMinutes !== undefined) expect(layer.staleAfterMinutes).toBeGreaterThan(0);
      if (!layer.staleAfterBy) return;
      const { attribute, minutes } = layer.staleAfterBy;
      expect(layer.tile).toContain(attribute);
      expect(choiceValues(attribute).map(([value]) => value)).toEqual(expect.arrayContaining(Object.keys(minutes)));
    });

    test('what stands beside a number: its trend, its quality, its own time, what it is a part of', () => {
      for (const [key, attribute] of attributes) {
        if (attribute.kind !== 'number' && attribute.kind !== 'integer') continue;
        const { trend, quality, observedBy, outOf } = attribute;
        if (trend) for (const [value, { arrow }] of choiceValues(trend)) expect(arrow, `${key} ${value}`).toBeDefined();
        if (quality)
          expect(choiceValues(quality).filter(([, { severity }]) => severity).length, key).toBeGreaterThan(0);
        if (observedBy) expect(attributes.get(observedBy)?.kind, key).toBe('instant');
        if (outOf) expect(attributes.get(outOf), key).toMatchObject({ kind: attribute.kind, unit: attribute.unit });
        for (const told of [trend, quality]) {
          if (told) expect(attributes.get(told)?.kind, key).toBe('choice');
          // The map writes it beside the value.
          if (told && key === layer.valueLabel) expect(layer.tile).toContain(told);
        }
      }
    });

    test('what was said of a state and is forgotten with it', () => {
      if (!layer.forgets) return;
      const { attributes: forgotten, when } = layer.forgets;
      expect(choiceValues(when.attribute).map(([value]) => value)).toEqual(expect.arrayContaining([...when.values]));
      for (const key of forgotten)
        expect([attributes.get(key)?.derived, attributes.get(key)?.required], key).toEqual([undefined, undefined]);
    });

    test('what a device is that is cut off, and is again when it is heard of', () => {
      if (!layer.link) return;
      const { attribute, offline, from = [], online, silentWhenStale } = layer.link;
      const known = choiceValues(attribute).map(([value]) => value);
      expect(known).toEqual(expect.arrayContaining([offline, ...from, ...(online ? [online] : [])]));
      expect(from).not.toContain(offline);
      if (!silentWhenStale) return;
      expect(layer.staleAfterMinutes).toBeDefined();
      expect(online, 'silent by our own clock: `online` says what it is again').toBeDefined();
    });

    test('by what its points are told apart, and until when something is to be done with them', () => {
      const { glyph, due, labelAge, symbol } = layer;
      if (glyph) {
        expect(layer.tile).toContain(glyph);
        const worn = choiceValues(glyph).flatMap(([, { icon }]) => icon ?? []);
        for (const icon of worn) expect(icons).toContain(icon);
        expect(new Set(worn).size, 'two that look alike are not told apart').toBe(worn.length);
        expect(worn.length).toBeGreaterThan(1);
        for (const { icon } of layer.style) expect(icon, 'a rule with an icon hides the glyph').toBeUndefined();
      }
      if (due) {
        expect(layer.tile).toEqual(expect.arrayContaining([due.attribute, due.when.attribute]));
        expect(attributes.get(due.attribute)?.kind).toBe('instant');
        const known = choiceValues(due.when.attribute).map(([value]) => value);
        expect(known).toEqual(expect.arrayContaining([...due.when.values]));
      }
      if (layer.ends) {
        expect(layer.tile).toContain(layer.ends);
        expect(attributes.get(layer.ends)?.kind).toBe('instant');
      }
      if (layer.heads) {
        expect(layer.tile).toContain(layer.heads.attribute);
        expect(attributes.get(layer.heads.attribute)?.kind).toBe('text');
        for (const character of Object.keys(layer.heads.lit)) expect(character).toMatch(/^.$/);
        expect(layer.heads.from).toBeGreaterThanOrEqual(layer.fullZoom);
      }
      if (labelAge) expect(layer.valueLabel && layer.staleAfterMinutes).toBeDefined();
      for (const { hollow } of layer.style) if (hollow) expect(symbol).toBe('dot');
    });

    test('the ground that it covers, in metres and degrees', () => {
      const { range, area, sector } = layer.coverage ?? {};
      if (area) expect(attributes.get(area)?.kind).toBe('text');
      if (range) expect(attributes.get(range)).toMatchObject({ kind: 'number', unit: 'm' });
      if (!sector) return;
      for (const key of [sector.heading, sector.width])
        expect(attributes.get(key)).toMatchObject({ kind: 'number', unit: 'deg' });
    });

    test('what was commanded, what the device reports of it and whether it was seen to do it, all in the tile', () => {
      const { command } = layer;
      // One that takes commands and does not say so would look as if it did what it was asked.
      expect(attributes.has('verified') && layer.geometry === 'Point').toBe(command !== undefined);
      if (!command) return;
      for (const key of [command.commanded, command.reported, command.verified]) expect(layer.tile).toContain(key);
      expect(attributes.get(command.commanded)?.kind).toBe(attributes.get(command.reported)?.kind);
      expect(attributes.get(command.commanded)).not.toMatchObject({ deviceOnly: true });
      // What a person may write is not what a device reported.
      for (const key of [command.reported, command.verified])
        expect(attributes.get(key), key).toMatchObject({ deviceOnly: true });
      expect(choiceValues(command.verified).map(([value]) => value)).toEqual(['verified', 'differs', 'unknown']);
      for (const role of roles) {
        const view = viewOf(layer, visitor(role));
        if (!view) continue;
        const isCarried = [command.commanded, command.reported, command.verified].every((key) =>
          view.tile.includes(key),
        );
        expect(catalogueLayer(view, nothing).command, role).toEqual(isCarried ? command : undefined);
      }
      const asked = choiceValues(command.commanded).map(([value]) => value);
      expect(asked).toEqual(expect.arrayContaining([...(command.rest ?? [])]));
    });

    test('to nobody by an attribute that they may not see', () => {
      for (const role of roles) {
        const view = viewOf(layer, visitor(role));
        if (!view) continue;
        const { command, due, heads, ends, glyph, coverage, valueLabel, state, moving } = catalogueLayer(view, nothing);
        const named = [
          ...[command?.commanded, command?.reported, command?.verified, due?.attribute, due?.when.attribute],
          ...[coverage?.range, coverage?.area, coverage?.sector?.heading, coverage?.sector?.width],
          ...[glyph, valueLabel, state, heads?.attribute, ends, moving?.course, moving?.speed],
        ];
        for (const key of named) if (key !== undefined) expect(view.attributes.has(key), `${role} ${key}`).toBe(true);
      }
    });

    test('where a thing that moves is heading, in degrees and km/h', () => {
      const { course, speed } = layer.moving ?? {};
      for (const key of [course, speed]) if (key) expect(layer.tile).toContain(key);
      if (course) expect(attributes.get(course)).toMatchObject({ kind: 'number', unit: 'deg' });
      if (speed) expect(attributes.get(speed)).toMatchObject({ kind: 'number', unit: 'km/h' });
    });

    test('where it lies in the picture', () => {
      const shape = layer.geometry !== 'Point';
      const order = drawOrders.indexOf(drawOrderOf(layer));
      // No shape lies over the points.
      expect(order <= drawOrders.indexOf('line')).toBe(shape);
      if (shape) expect(layer.symbol).toBeUndefined();
    });

    test('what is worked out of its series, and of no reading nothing', () => {
      const { derived, series } = layer;
      if (!derived) return;
      expect(series?.attributes).toContain(derived.from);
      expect(['number', 'integer']).toContain(attributes.get(derived.from)?.kind);
      // A sixth of it is what the database counts in.
      expect(Number.isInteger((derived.minutes * 60_000) / 6)).toBe(true);
      for (const key of derived.attributes) {
        // Not the database's, not a form's, and absent where it cannot be told.
        expect(attributes.get(key), key).toMatchObject({ deviceOnly: true });
        expect([attributes.get(key)?.derived, attributes.get(key)?.required], key).toEqual([undefined, undefined]);
        expect(series?.attributes, key).not.toContain(key);
      }
      expect(derived.work([])).toEqual(Object.fromEntries(derived.attributes.map((key) => [key, null])));
    });

    test('what nobody else may see, and says nothing of it', () => {
      for (const role of roles) {
        const view = viewOf(layer, { grants: [{ role, agency: "O'ffice", areas: ['35.09.01'] }] });
        if (!view) continue;
        const hidden = [...attributes].filter(([key]) => !view.attributes.has(key));
        const entry = JSON.stringify(catalogueLayer(view, nothing));
        for (const [key, { title }] of hidden) {
          expect(entry, `${role} reads of ${key}`).not.toContain(`"${key}"`);
          expect(entry, `${role} reads of ${key}`).not.toContain(JSON.stringify(title.id));
        }
        const steady = layer.tile.filter((key) => hidden.every(([name]) => name !== key) && !view.masks.has(key));
        expect(view.tile, role).toEqual(steady);
        expect(view.style.length, `${role} has a legend`).toBeGreaterThan(0);
        // Clusters and the layer list tell it.
        if (layer.state) expect(view.showsState, `${role} sees the state`).toBe(true);
        expect(() => viewFilter(view)).not.toThrow();
        expect(() => masksOf(view)).not.toThrow();
      }
    });
  });

  describe.runIf(tables.includes(id))('its table', () => {
    let row: number;
    const table = sql.table(id);
    const required = [...attributes].filter(([, attribute]) => attribute.required && !attribute.derived);
    const written = [...attributes].filter(([, attribute]) => !attribute.derived);
    const insert = (values: Readonly<Record<string, string | null>> = {}) =>
      insertRow(id, { ...Object.fromEntries(required.map(([key, kind]) => [key, plainValue(kind)])), ...values });
    /** The SQLSTATE with which the database refuses the value, undefined when it takes it. */
    const set = (key: string, value: string | null) =>
      sqlState(
        sql`update ${table} set ${sql.ref(key)} = ${value}::text::${sql.raw(columnTypes[attributes.get(key)!.kind])}
          where id = ${row}`.execute(db),
      );
    const stored = async (key: string) => {
      const { rows } = await sql<{ value: unknown }>`
        select ${sql.ref(key)} as value from ${table} where id = ${row}`.execute(db);
      return rows[0]?.value;
    };

    const kindsSince = async (seq: number) => {
      const ids = (await changesAfter(db, seq, 10)).flatMap((change) => change.ids);
      const { rows } = await sql<{ kind: string }>`
        select substr(st_geometrytype(geom), 4) as kind from ${table} where id in (${sql.join(ids)})`.execute(db);
      return rows.map(({ kind }) => kind);
    };

    beforeAll(async () => {
      row = await insert();
    });

    test('has the declared columns and no other', async () => {
      const { rows } = await sql<{ name: string; type: string; required: boolean; derived: boolean }>`
        select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as required,
          attgenerated <> '' as derived
        from pg_attribute where attrelid = to_regclass(${id}) and attnum > 0 and not attisdropped`.execute(db);
      const columns = new Map(rows.map(({ name, ...column }) => [name, column]));
      const definitions = columnDefinitions(attributes);
      const wrong = [...attributes].flatMap(([key, attribute], i) => {
        const column = columns.get(key);
        if (!column) return `alter table "${id}" add column ${definitions[i]};`;
        const declared = {
          type: columnTypes[attribute.kind],
          required: attribute.required ?? false,
          derived: attribute.derived ?? false,
        };
        const same = JSON.stringify(column) === JSON.stringify(declared);
        return same ? [] : `-- is ${JSON.stringify(column)}, declared ${definitions[i]}`;
      });
      expect(wrong.join('\n'), 'missing in a new migration').toBe('');
      expect([...columns.keys()].toSorted()).toEqual([...common, ...attributes.keys()].toSorted());
    });

    test('has beside it the table of its series, without limits, if it keeps one', async () => {
      if (!layer.series) return;
      const { rows } = await sql<{ text: string }>`
        select attname || ' ' || format_type(atttypid, atttypmod) as text
        from pg_attribute where attrelid = to_regclass(${seriesTable(id)}) and attnum > 0 and not attisdropped`.execute(
        db,
      );
      const there = rows.map(({ text }) => text);
      if (there.length === 0) throw new Error(`missing in a new migration\n\n${seriesText(layer)}\n`);
      const always = ['feature bigint', 'observed_at timestamp with time zone', 'received_at timestamp with time zone'];
      const where = layer.moving ? ['lon double precision', 'lat double precision'] : [];
      expect(there.toSorted()).toEqual([...always, ...where, ...seriesColumns(layer)].toSorted());
    });

    test('demands what is required', async () => {
      for (const [key] of required) expect(await set(key, null), key).toBe(notNullViolation);
      for (const [key, attribute] of written)
        if (!attribute.required) expect(await set(key, null), key).toBeUndefined();
    });

    test('takes every value of a vocabulary and no other', async () => {
      for (const [key] of written) {
        for (const [value] of choiceValues(key)) {
          expect(await set(key, value), `${key} = ${value}`).toBeUndefined();
          expect(await stored(key)).toBe(value);
          expect(await set(key, `${value} `), `${key} = '${value} '`).toBe(checkViolation);
        }
        if (choiceValues(key).length > 0) expect(await set(key, ''), key).toBe(checkViolation);
      }
    });

    test('holds numbers to their limits, and zero is a number', async () => {
      for (const [key, attribute] of written) {
        if (attribute.kind !== 'number' && attribute.kind !== 'integer') continue;
        const { min, max } = attribute;
        if (attribute.kind === 'number')
          for (const value of ['NaN', 'Infinity', '-Infinity'])
            expect(await set(key, value), `${key} = ${value}`).toBe(checkViolation);
        for (const value of [min, max, ...((min ?? 0) <= 0 && (max ?? 0) >= 0 ? [0] : [])]) {
          if (value === undefined) continue;
          expect(await set(key, String(value)), `${key} = ${value}`).toBeUndefined();
          expect(await stored(key)).toBe(value);
        }
        const beyond = (limit: number) => (attribute.kind === 'integer' ? 1 : Math.max(1e-9, Math.abs(limit) * 1e-12));
        if (min !== undefined)
          expect(await set(key, String(min - beyond(min))), `${key} < ${min}`).toBe(checkViolation);
        if (max !== undefined)
          expect(await set(key, String(max + beyond(max))), `${key} > ${max}`).toBe(checkViolation);
        if (!attribute.required) await set(key, null);
      }
    });

    test('holds texts to their length and times to a calendar', async () => {
      for (const [key, attribute] of written) {
        if (attribute.kind === 'text') {
          expect(await set(key, 'ä'.repeat(attribute.maxLength)), key).toBeUndefined();
          expect(await set(key, 'ä'.repeat(attribute.maxLength + 1)), key).toBe(checkViolation);
          await set(key, 'x');
        }
        if (attribute.kind === 'instant' || attribute.kind === 'date')
          expect(await set(key, 'infinity'), key).toBe(checkViolation);
      }
    });

    test('finds by part of a name, a code and what else is searched', async () => {
      const { rows } = await sql<{ definition: string }>`
        select indexdef as definition from pg_indexes where tablename = ${id}`.execute(db);
      for (const key of ['code', layer.name, ...(layer.search ?? [])]) {
        const rest = key === 'code' ? " WHERE \\(NOT starts_with\\(code, 'auto:'::text\\)\\)" : '';
        expect(rows.map(({ definition }) => definition)).toContainEqual(
          expect.stringMatching(`USING gin \\(${key} gin_trgm_ops\\)${rest}$`),
        );
      }
      const exact = `lower\\("left"\\(${layer.name}, 100\\)\\)`;
      expect(rows.map(({ definition }) => definition)).toContainEqual(expect.stringMatching(exact));
    });

    test('counts versions and tells the change log', async () => {
      const before = await position(db);
      const added = await insert();
      await sql`update ${table} set agency = 'dinas' where id = ${added}`.execute(db);
      const { rows } = await sql<{ version: number }>`select version from ${table} where id = ${added}`.execute(db);
      expect(rows).toEqual([{ version: 2 }]);
      await sql`delete from ${table} where id = ${added}`.execute(db);
      const changes = await changesAfter(db, before.seq, 10);
      expect(changes.map(({ layer: changed, op, ids }) => [changed, op, ids])).toEqual(
        ['insert', 'update', 'delete'].map((op) => [id, op, [added]]),
      );
    });

    test('keeps one row a code, and any number without', async () => {
      const code = codeOf[id] ?? 'KODE-1';
      await insert({ code });
      expect(await sqlState(insert({ code }))).toBe(uniqueViolation);
      await insert({ code: null });
    });

    test.each(Object.entries(badGeometry))('refuses a geometry that is %s', async (_, geometries) => {
      for (const [kind, text] of Object.entries(geometries))
        if (kind === layer.geometry)
          expect(await sqlState(insert({ geom: `SRID=4326;${text}` })), text).toBe(checkViolation);
    });

    test('takes a geometry of its own kind only, or none yet', async () => {
      for (const [kind, text] of Object.entries(goodGeometry)) {
        const before = await position(db);
        const refused = await sqlState(insert({ geom: `SRID=4326;${text}` }));
        if (kind === layer.geometry) expect(refused).toBeUndefined();
        // PostGIS may make a multi-part of a single part, as newer ones do, but of nothing else.
        else if (`Multi${kind}` !== layer.geometry) expect(refused, kind).toBeDefined();
        if (refused === undefined) expect(await kindsSince(before.seq), kind).toEqual([layer.geometry]);
      }
      expect(await sqlState(insert({ geom: null }))).toBeUndefined();
    });
  });
});

/** Layers whose `code` has a form of its own (Kemendagri). */
const codeOf: Readonly<Record<string, string>> = { district: '35.09.01', village: '35.09.01.2001' };

const goodGeometry = {
  Point: 'POINT(113.7 -8.17)',
  LineString: 'LINESTRING(113.7 -8.17,113.71 -8.16)',
  Polygon: 'POLYGON((113.7 -8.2,113.8 -8.2,113.8 -8.1,113.7 -8.2))',
  MultiPoint: 'MULTIPOINT((113.7 -8.17))',
  MultiLineString: 'MULTILINESTRING((113.7 -8.17,113.71 -8.16))',
  MultiPolygon: 'MULTIPOLYGON(((113.7 -8.2,113.8 -8.2,113.8 -8.1,113.7 -8.2)))',
};

const badGeometry = {
  self_crossing_polygon: {
    Polygon: 'POLYGON((113.7 -8.2,113.8 -8.1,113.8 -8.2,113.7 -8.1,113.7 -8.2))',
    MultiPolygon: 'MULTIPOLYGON(((113.7 -8.2,113.8 -8.1,113.8 -8.2,113.7 -8.1,113.7 -8.2)))',
  },
  empty: { Point: 'POINT EMPTY', Polygon: 'POLYGON EMPTY', MultiPolygon: 'MULTIPOLYGON EMPTY' },
  latitude_before_longitude: {
    Point: 'POINT(-8.17 113.7)',
    MultiPolygon: 'MULTIPOLYGON(((-8.2 113.7,-8.2 113.8,-8.1 113.8,-8.2 113.7)))',
  },
} as const;

async function insertRow(table: string, values: Readonly<Record<string, string | null>>): Promise<number> {
  const columns = sql.join(Object.keys(values).map((key) => sql.ref(key)));
  const { rows } = await sql<{ id: number }>`
    insert into ${sql.table(table)} (${columns}) values (${sql.join(Object.values(values))}) returning id`.execute(db);
  return rows[0]!.id;
}

async function sqlState(run: Promise<unknown>): Promise<string | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    if (error instanceof DatabaseError) return error.code;
    throw error;
  }
}

function* textsOf(layer: Layer): Generator<Bilingual> {
  yield layer.title;
  if (layer.description) yield layer.description;
  for (const rule of layer.style) yield rule.label;
  for (const attribute of attributesOf(layer).values()) {
    yield attribute.title;
    if (attribute.description) yield attribute.description;
    if (attribute.kind === 'choice') yield* Object.values(attribute.choices);
  }
}

function reads(filter: Expression): string[] {
  if (!Array.isArray(filter) || filter[0] === 'literal') return [];
  const [operator, ...parts]: readonly Expression[] = filter;
  return operator === 'get' || operator === 'has' ? parts.map(String) : parts.flatMap(reads);
}

/** What OpenLayers makes of a filter, for the operators that layer files use. */
function holds(filter: Expression, row: Readonly<Record<string, string>>): boolean {
  const value = (part: Expression | undefined) =>
    Array.isArray(part) && part[0] === 'get' ? row[String(part[1])] : part;
  if (!Array.isArray(filter)) throw new TypeError('a filter is an expression');
  const [operator, ...parts]: readonly Expression[] = filter;
  switch (operator) {
    case '==':
      return value(parts[0]) === value(parts[1]);
    case 'all':
      return parts.every((part) => holds(part, row));
    case 'any':
      return parts.some((part) => holds(part, row));
    default:
      throw new TypeError(`teach this test the operator '${String(operator)}'`);
  }
}
