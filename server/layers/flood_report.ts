import { z } from 'zod';
import { choice, quantity, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';

// A report without a depth is most of them: it is drawn as what is not known.
const depth = {
  over_150_cm: { id: 'Lebih dari 150 cm', en: 'Over 150 cm', severity: 'critical' },
  '70_to_150_cm': { id: '70 sampai 150 cm', en: '70 to 150 cm', severity: 'warning' },
  under_70_cm: { id: 'Kurang dari 70 cm', en: 'Under 70 cm', severity: 'advisory' },
  unknown: { id: 'Kedalaman tidak disebut', en: 'Depth not stated', severity: 'unknown' },
} as const;

/**
 * What somebody saw of a flood and told in public; nothing here says who. A row leaves when its source lists it no more.
 * What the authorities make of it is `flood_area`.
 */
export default layer({
  id: 'flood_report',
  group: 'disaster',
  geometry: 'Point',
  icon: 'water',
  title: { id: 'Laporan banjir warga', en: 'Flood report' },
  attributes: z.object({
    name: text({ id: 'Judul', en: 'Title' }, { required: true }),
    depth: choice({ id: 'Kelas kedalaman', en: 'Depth class' }, depth, { derived: true }),
    depth_cm: quantity({ id: 'Kedalaman', en: 'Depth' }, 'cm', { min: 0, max: 2000 }),
    report: text({ id: 'Isi laporan', en: 'Report' }, { maxLength: 2000 }),
    channel: text({ id: 'Dilaporkan lewat', en: 'Reported by way of' }, { maxLength: 60 }),
    photo: text({ id: 'Foto', en: 'Photo' }, { maxLength: 500 }),
  }),
  name: 'name',
  state: 'depth',
  valueLabel: 'depth_cm',
  search: ['report'],
  fullZoom: 13,
  below: 'cluster',
  tile: ['name', 'depth', 'depth_cm', 'channel', 'observed_at'],
  style: rulesByChoice('depth', depth),
  visible: { default: 'all' },
  staleAfterMinutes: 360,
});
