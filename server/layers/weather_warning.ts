import { z } from 'zod';
import { choice, flag, instant, text } from '../registry/attribute.ts';
import { layer } from '../registry/layer.ts';
import { rulesByLook } from '../registry/rules_by_look.ts';

// The words of CAP 1.2 (OASIS), in lower case.
const severity = {
  extreme: { id: 'Ekstrem', en: 'Extreme', severity: 'critical' },
  severe: { id: 'Parah', en: 'Severe', severity: 'warning' },
  moderate: { id: 'Sedang', en: 'Moderate', severity: 'advisory' },
  minor: { id: 'Ringan', en: 'Minor', severity: 'normal' },
  unknown: { id: 'Tidak diketahui', en: 'Unknown', severity: 'unknown' },
} as const;

/** A warning in force or announced. Its shape is the notified area; a row leaves when the warning ends. */
export default layer({
  id: 'weather_warning',
  group: 'disaster',
  geometry: 'MultiPolygon',
  icon: 'warning',
  title: { id: 'Peringatan dini cuaca', en: 'Weather warning' },
  attributes: z.object({
    name: text({ id: 'Judul', en: 'Headline' }, { required: true, maxLength: 300 }),
    event: text({ id: 'Kejadian', en: 'Event' }),
    severity: choice({ id: 'Keparahan', en: 'Severity' }, severity),
    urgency: choice(
      { id: 'Kemendesakan', en: 'Urgency' },
      {
        immediate: { id: 'Segera', en: 'Immediate' },
        expected: { id: 'Diperkirakan', en: 'Expected' },
        future: { id: 'Mendatang', en: 'Future' },
        past: { id: 'Sudah lewat', en: 'Past' },
        unknown: { id: 'Tidak diketahui', en: 'Unknown' },
      },
    ),
    certainty: choice(
      { id: 'Kepastian', en: 'Certainty' },
      {
        observed: { id: 'Teramati', en: 'Observed' },
        likely: { id: 'Kemungkinan besar', en: 'Likely' },
        possible: { id: 'Mungkin', en: 'Possible' },
        unlikely: { id: 'Kecil kemungkinan', en: 'Unlikely' },
        unknown: { id: 'Tidak diketahui', en: 'Unknown' },
      },
    ),
    effective: instant({ id: 'Berlaku sejak', en: 'In force from' }),
    expires: instant({ id: 'Berlaku sampai', en: 'In force until' }, { required: true }),
    expiry_assumed: flag({ id: 'Akhir tidak disebutkan, dianggap 24 jam', en: 'End not stated, taken as 24 hours' }),
    area_desc: text({ id: 'Wilayah', en: 'Area' }, { maxLength: 1000 }),
    description: text({ id: 'Uraian', en: 'Description' }, { maxLength: 5000 }),
    instruction: text({ id: 'Anjuran', en: 'Instruction' }, { maxLength: 5000 }),
    sender_name: text({ id: 'Penerbit', en: 'Issued by' }),
    web: text({ id: 'Laman', en: 'Web page' }, { maxLength: 500 }),
  }),
  name: 'name',
  state: 'severity',
  search: ['area_desc'],
  fullZoom: 10,
  below: 'simplify',
  tile: ['name', 'event', 'severity', 'effective', 'expires'],
  style: rulesByLook('severity', severity, {
    extreme: { stroke: { color: 'critical', width: 3 }, fill: { color: 'critical', opacity: 0.2 } },
    severe: { stroke: { color: 'warning', width: 2.5 }, fill: { color: 'warning', opacity: 0.18 } },
    moderate: { stroke: { color: 'advisory', width: 2 }, fill: { color: 'advisory', opacity: 0.14 } },
    minor: { stroke: { color: 'normal', width: 1.5 }, fill: { color: 'normal', opacity: 0.1 } },
    unknown: {
      label: { id: 'Keparahan tidak diketahui', en: 'Severity unknown' },
      stroke: { color: 'unknown', width: 2, dash: [4, 3] },
      fill: { color: 'unknown', opacity: 0.1 },
    },
  }),
  leaves: { at: 'expires' },
  visible: { default: 'all' },
  initiallyVisible: true,
});
