import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { expect, test } from 'vitest';
import { LayerWriter } from '../../tiles/layer_writer.ts';
import { TextPool } from '../../tiles/text_pool.ts';
import { seededRandom } from '../support/random.ts';

const awkward = ['', 'a', 'é', '🌊', '﻿bom', 'x'.repeat(127), 'x'.repeat(128), 'y'.repeat(20_000), '\0', 'ꦗꦼ'];

test('every text has one number, and its number gives it back', () => {
  const pool = new TextPool();
  const random = seededRandom(1);
  const texts = [...awkward, ...Array.from({ length: 20_000 }, () => `Warung ${Math.floor(random() * 15_000)}`)];
  const numbers = new Map<string, number>();
  for (const text of texts) {
    const number = pool.intern(text);
    expect(numbers.get(text) ?? number).toBe(number);
    numbers.set(text, number);
  }
  expect(pool.size).toBe(numbers.size + 1);
  for (const [text, number] of numbers) {
    expect(pool.text(number)).toBe(text);
    expect(pool.lookup(text)).toBe(number);
  }
  expect(pool.lookup('never seen')).toBe(-1);
});

test('texts, numbers and booleans come out of a tile as they went in', () => {
  const pool = new TextPool();
  const writer = new LayerWriter(pool);
  const keys = ['text', 'number', 'flag'];
  const rows = awkward.flatMap((text, i) =>
    [0, -1, 1.5, 127, 128, 2 ** 31, 2 ** 40 + 1, -0.1, 1e300, 4096].map((number, j) => ({
      id: i * 100 + j,
      text,
      number,
      flag: j % 2 === 0,
    })),
  );
  for (let pass = 0; pass < 2; pass++) {
    writer.begin('things', keys);
    for (const { id, text, number, flag } of rows) {
      writer.feature(id);
      writer.text(0, pool.intern(text));
      writer.number(1, number);
      writer.boolean(2, flag);
      writer.point(id % 4096, 4095);
    }
    const { things } = new VectorTile(new PbfReader(writer.end())).layers;
    expect(things!.length).toBe(rows.length);
    expect([things!.version, things!.extent]).toEqual([2, 4096]);
    for (const [i, { id, ...properties }] of rows.entries()) {
      const feature = things!.feature(i);
      expect(feature.id).toBe(id);
      expect(feature.properties).toEqual(properties);
      expect(feature.loadGeometry()).toEqual([[expect.objectContaining({ x: id % 4096, y: 4095 })]]);
    }
  }
});

test('null is left out and an empty layer is no bytes', () => {
  const pool = new TextPool();
  const writer = new LayerWriter(pool);
  writer.begin('things', ['text', 'number']);
  expect(writer.end()).toHaveLength(0);
  writer.begin('things', ['text', 'number']);
  writer.feature(7);
  writer.text(0, 0);
  writer.number(1, Number.NaN);
  writer.point(0, 0);
  expect(new VectorTile(new PbfReader(writer.end())).layers.things!.feature(0).properties).toEqual({});
});
