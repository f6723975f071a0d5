import { z } from 'zod';
import { choice, text } from '../registry/attribute.ts';
import { layer } from '../registry/layer.ts';
import { rulesByLook } from '../registry/rules_by_look.ts';

// "Unknown" is no least depth: it is drawn as what is not known.
const depth = {
  over_150_cm: { id: 'Lebih dari 150 cm', en: 'Over 150 cm', severity: 'critical', aliases: ['4'] },
  '71_to_150_cm': { id: '71 sampai 150 cm', en: '71 to 150 cm', severity: 'warning', aliases: ['3'] },
  '10_to_70_cm': { id: '10 sampai 70 cm', en: '10 to 70 cm', severity: 'advisory', aliases: ['2'] },
  unknown: { id: 'Kedalaman belum diketahui', en: 'Depth not known', severity: 'unknown', aliases: ['1'] },
} as const;

/** Water on the ground now; a row leaves when the water is gone. Where it tends to flood is `flood_zone`. */
export default layer({
  id: 'flood_area',
  group: 'disaster',
  geometry: 'MultiPolygon',
  icon: 'water',
  title: { id: 'Genangan', en: 'Flooded area' },
  attributes: z.object({
    name: text({ id: 'Nama', en: 'Name' }, { required: true }),
    depth: choice({ id: 'Kedalaman', en: 'Depth' }, depth),
    parent_name: text({ id: 'Desa/kelurahan', en: 'Village' }),
    city_name: text({ id: 'Kabupaten/kota', en: 'Regency or city' }),
  }),
  name: 'name',
  state: 'depth',
  search: ['parent_name'],
  fullZoom: 12,
  below: 'simplify',
  tile: ['name', 'depth', 'observed_at'],
  style: rulesByLook('depth', depth, {
    over_150_cm: { stroke: { color: 'critical', width: 2.5 }, fill: { color: 'water', opacity: 0.65 } },
    '71_to_150_cm': { stroke: { color: 'warning', width: 2 }, fill: { color: 'water', opacity: 0.5 } },
    '10_to_70_cm': { stroke: { color: 'advisory', width: 2 }, fill: { color: 'water', opacity: 0.35 } },
    unknown: { stroke: { color: 'unknown', width: 2, dash: [4, 3] }, fill: { color: 'water', opacity: 0.2 } },
  }),
  visible: { default: 'all' },
  staleAfterMinutes: 360,
  initiallyVisible: true,
});
