import { z } from 'zod';
import { choice, integer, quantity, text } from '../registry/attribute.ts';
import { layer } from '../registry/layer.ts';

/** Where it tends to flood: a hazard map, not water on the ground now, so its class is no state and raises no alarm. */
export default layer({
  id: 'flood_zone',
  group: 'disaster',
  geometry: 'MultiPolygon',
  icon: 'water',
  title: { id: 'Zona rawan banjir', en: 'Flood zone' },
  description: {
    id: 'Daerah yang cenderung tergenang; bukan genangan saat ini.',
    en: 'Ground that tends to flood; not water on the ground now.',
  },
  attributes: z.object({
    name: text({ id: 'Nama', en: 'Name' }, { required: true }),
    hazard_class: choice(
      { id: 'Kelas bahaya', en: 'Hazard class' },
      {
        high: { id: 'Tinggi', en: 'High', aliases: ['3'] },
        medium: { id: 'Sedang', en: 'Medium', aliases: ['2'] },
        low: { id: 'Rendah', en: 'Low', aliases: ['1'] },
      },
    ),
    // "Depth not known" is absent: it is not the least of the depths.
    depth_cm: quantity({ id: 'Kedalaman yang pernah terjadi', en: 'Depth on record' }, 'cm', { min: 0, max: 3000 }),
    return_period_years: integer({ id: 'Kala ulang', en: 'Return period' }, 'a', { min: 1, max: 10_000 }),
    assessed_year: integer({ id: 'Tahun kajian', en: 'Year of the assessment' }, 'a', { min: 1900, max: 2200 }),
    assessed_by: text({ id: 'Penyusun kajian', en: 'Assessed by' }),
    gauge_codes: text({ id: 'Kode pos duga air terkait', en: 'Codes of linked river gauges' }, { maxLength: 500 }),
  }),
  name: 'name',
  fullZoom: 12,
  below: 'simplify',
  tile: ['name', 'hazard_class'],
  style: [
    {
      label: { id: 'Bahaya tinggi', en: 'High hazard' },
      filter: ['==', ['get', 'hazard_class'], 'high'],
      stroke: { color: 'water', width: 1.5 },
      fill: { color: 'water', opacity: 0.3, pattern: 'hatch' },
    },
    {
      label: { id: 'Bahaya sedang', en: 'Medium hazard' },
      filter: ['==', ['get', 'hazard_class'], 'medium'],
      stroke: { color: 'water', width: 1 },
      fill: { color: 'water', opacity: 0.2, pattern: 'hatch' },
    },
    {
      label: { id: 'Bahaya rendah', en: 'Low hazard' },
      filter: ['==', ['get', 'hazard_class'], 'low'],
      stroke: { color: 'water', width: 1 },
      fill: { color: 'water', opacity: 0.1, pattern: 'hatch' },
    },
    {
      label: { id: 'Kelas belum diketahui', en: 'Class not known' },
      stroke: { color: 'water', width: 1, dash: [3, 3] },
    },
  ],
  visible: { default: 'all' },
  initiallyVisible: true,
  edit: ['admin', 'disaster_officer', 'agency_operator'],
});
