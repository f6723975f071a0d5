import { z } from 'zod';
import { integer, quantity, text } from '../registry/attribute.ts';
import { layer } from '../registry/layer.ts';

/** Kecamatan. Its `code` is the Kemendagri code (`35.09.01`), the key of every join; its name is a label. */
export default layer({
  id: 'district',
  group: 'boundary',
  geometry: 'MultiPolygon',
  icon: 'pin',
  drawOrder: 'boundary',
  title: { id: 'Kecamatan', en: 'District' },
  attributes: z.object({
    name: text({ id: 'Nama', en: 'Name' }, { required: true }),
    area_km2: quantity({ id: 'Luas', en: 'Area' }, 'km2', { min: 0, max: 100_000 }),
    village_count: integer({ id: 'Jumlah desa/kelurahan', en: 'Number of villages' }, '{village}', {
      min: 0,
      max: 1000,
    }),
    population: integer({ id: 'Penduduk', en: 'Population' }, '{person}', { min: 0, max: 10_000_000 }),
    population_year: integer({ id: 'Tahun data penduduk', en: 'Year of the population' }, 'a', {
      min: 1900,
      max: 2200,
    }),
  }),
  rules: {
    district_code_kemendagri: {
      id: 'kode kecamatan ditulis dengan titik, seperti 35.09.01',
      en: 'the code of a district is written with dots, like 35.09.01',
    },
  },
  name: 'name',
  fullZoom: 8,
  below: 'simplify',
  tile: ['name', 'code', 'source'],
  style: [
    {
      label: { id: 'Batas skematis', en: 'Schematic boundary' },
      filter: ['==', ['get', 'source'], 'schematic'],
      stroke: { color: 'ink-2', width: 1.5, dash: [6, 4] },
    },
    { label: { id: 'Batas kecamatan', en: 'District boundary' }, stroke: { color: 'ink-2', width: 1.5 } },
  ],
  visible: { default: 'all' },
  initiallyVisible: true,
});
