import { expect, test } from 'vitest';
import siren from '../../server/layers/siren.ts';
import { type CatalogueLayer, catalogueLayer } from '../../server/registry/catalogue.ts';
import { viewOf } from '../../server/registry/view.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { describeHit } from '../../web/map/describe_hit.ts';
import type { ClusterContent, FeatureHit } from '../../web/map/feature_hit.ts';

const now = 1_790_000_000_000;
const nothing = { count: 0, unlocated: 0, bbox: null, newest: null, sources: {}, states: {} };

function described(id: string, cluster: Partial<ClusterContent>) {
  const hit: FeatureHit = {
    ...{ layer: 'x', id: null, name: '', lonLat: [0, 0], properties: {} },
    cluster: { count: 12, worst: 'normal', bySeverity: { normal: 12 }, stalest: null, oneSpot: false, ...cluster },
  };
  // Of a catalogue's entry a cluster tells no more than the title.
  return describeHit(
    hit,
    { title: { id, en: '' }, style: [], tile: [], attributes: {} } as unknown as CatalogueLayer,
    'id',
    now,
  );
}

test.each([
  ['UMKM', '12 UMKM'],
  ['Kamera CCTV', '12 kamera CCTV'],
  ['Lampu jalan (PJU)', '12 lampu jalan (PJU)'],
  ['Taman Nasional', '12 taman Nasional'],
  ['Éksisting', '12 éksisting'],
])('the term of the field keeps its capitals: %s', (title, expected) => {
  expect(described(title, {})[0]).toBe(expected);
});

test('a cluster tells how old the reading is that goes stale first, and whether one never came', () => {
  expect(described('Sirene', { stalest: { observed: now / 1000 - 240, expires: now / 1000 } })[1]).toBe(
    'terlama 4 menit lalu',
  );
  expect(described('Sirene', { bySeverity: { warning: 1 }, stalest: { observed: 0, expires: 0 } })[1]).toBe(
    '1 waspada tinggi · ada yang belum pernah melapor',
  );
  expect(described('Sirene', {})[1]).toBe('');
});

test('what the marks on a symbol mean is said in words', () => {
  const layer = catalogueLayer(viewOf(siren, visitor('operator'))!, nothing);
  const properties = { reported: 'idle', commanded: 'sounding', verified: 'differs', observed_at: now / 1000 };
  const hit: FeatureHit = { layer: 'siren', id: 1, name: 'Patrang', lonLat: [0, 0], cluster: null, properties };
  expect(describeHit(hit, layer, 'id', now)).toEqual(['Patrang', 'Sirene · Siap · tidak sesuai perintah']);
  const asked = { ...hit, properties: { ...properties, verified: 'unknown' } };
  expect(describeHit(asked, layer, 'id', now)[1]).toBe('Sirene · Siap · diminta, belum dilaporkan');
  const calm = { ...hit, properties: { ...properties, commanded: 'idle', verified: 'verified' } };
  expect(describeHit(calm, layer, 'id', now)[1]).toBe('Sirene · Siap');
});
