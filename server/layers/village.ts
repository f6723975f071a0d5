import { z } from 'zod';
import { choice, integer, quantity, text } from '../registry/attribute.ts';
import { layer } from '../registry/layer.ts';

/** Desa and kelurahan. Ten names of Jember occur twice: `code`, the Kemendagri code (`35.09.01.2001`), is the key. */
export default layer({
  id: 'village',
  group: 'boundary',
  geometry: 'MultiPolygon',
  icon: 'pin',
  drawOrder: 'boundary',
  title: { id: 'Desa/kelurahan', en: 'Village' },
  attributes: z.object({
    name: text({ id: 'Nama', en: 'Name' }, { required: true }),
    // The kind is only in the code: .1xxx is a kelurahan, .2xxx a desa.
    kind: choice(
      { id: 'Jenis', en: 'Kind' },
      { desa: { id: 'Desa', en: 'Rural village' }, kelurahan: { id: 'Kelurahan', en: 'Urban village' } },
      { derived: true },
    ),
    district_code: text({ id: 'Kode kecamatan', en: 'District code' }, { maxLength: 8, derived: true }),
    area_km2: quantity({ id: 'Luas', en: 'Area' }, 'km2', { min: 0, max: 100_000 }),
    population: integer({ id: 'Penduduk', en: 'Population' }, '{person}', { min: 0, max: 10_000_000 }),
    population_year: integer({ id: 'Tahun data penduduk', en: 'Year of the population' }, 'a', {
      min: 1900,
      max: 2200,
    }),
  }),
  rules: {
    village_code_kemendagri: {
      id: 'kode desa ditulis dengan titik, seperti 35.09.01.2001',
      en: 'the code of a village is written with dots, like 35.09.01.2001',
    },
  },
  name: 'name',
  fullZoom: 11,
  below: 'simplify',
  tile: ['name', 'kind', 'code', 'source'],
  style: [
    {
      label: { id: 'Batas skematis', en: 'Schematic boundary' },
      filter: ['==', ['get', 'source'], 'schematic'],
      stroke: { color: 'ink-3', width: 1, dash: [4, 4] },
    },
    {
      label: { id: 'Kelurahan', en: 'Urban village' },
      filter: ['==', ['get', 'kind'], 'kelurahan'],
      stroke: { color: 'ink-3', width: 1 },
      fill: { color: 'ink-3', opacity: 0.06 },
    },
    { label: { id: 'Desa', en: 'Rural village' }, stroke: { color: 'ink-3', width: 1 } },
  ],
  visible: { default: 'all' },
});
