import { z } from 'zod';
import { action } from '../registry/actions/action.ts';
import { choice, date, instant, integer, quantity, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';
import { slopePerHour } from '../registry/slope.ts';

// The scale is inverted: siaga 1 is the worst, siaga 4 is normal. It is always written with number and word.
const siaga = {
  1: { id: 'Siaga 1 · awas', en: 'Siaga 1 · extreme', severity: 'critical', aliases: ['siaga 1', 'siaga i', 'awas'] },
  2: { id: 'Siaga 2 · waspada tinggi', en: 'Siaga 2 · severe', severity: 'warning', aliases: ['siaga 2', 'siaga ii'] },
  3: { id: 'Siaga 3 · waspada', en: 'Siaga 3 · moderate', severity: 'advisory', aliases: ['siaga 3', 'siaga iii'] },
  4: { id: 'Siaga 4 · normal', en: 'Siaga 4 · normal', severity: 'normal', aliases: ['siaga 4', 'siaga iv'] },
} as const;

/** What other sources call it (Awas, Siaga, Waspada, Normal), in words that mean the same everywhere. */
const severity = {
  extreme: { id: 'Ekstrem', en: 'Extreme', severity: 'critical' },
  severe: { id: 'Parah', en: 'Severe', severity: 'warning' },
  moderate: { id: 'Sedang', en: 'Moderate', severity: 'advisory' },
  none: { id: 'Tidak ada', en: 'None', severity: 'normal' },
} as const;

/** cm/h up to which the water stands still: levels are read in whole cm, and one more or less in half an hour is none. */
const steady = 2;

// Below the datum is possible (tidal reaches); 0 cm is a reading.
const level = { min: -1000, max: 5000 } as const;

const attributes = z.object({
  name: text({ id: 'Nama pos', en: 'Name' }, { required: true }),
  river: text({ id: 'Sungai', en: 'River' }),
  level_cm: quantity({ id: 'Tinggi muka air', en: 'Water level' }, 'cm', {
    ...level,
    trend: 'trend',
    quality: 'quality',
  }),
  previous_level_cm: quantity({ id: 'Tinggi sebelumnya', en: 'Previous level' }, 'cm', { ...level, deviceOnly: true }),
  siaga: choice({ id: 'Status siaga', en: 'Alert level (siaga)' }, siaga, { derived: true }),
  severity: choice({ id: 'Keparahan', en: 'Severity' }, severity, { derived: true }),
  // Of a rise above what was acknowledged nobody has taken note yet. By whom and why is in the trail: all of this is public.
  alert_state: choice(
    { id: 'Peringatan', en: 'Alert' },
    {
      new: { id: 'Baru', en: 'New', severity: 'warning' },
      acknowledged: { id: 'Sudah ditandai', en: 'Acknowledged', severity: 'advisory' },
      cleared: { id: 'Tidak ada', en: 'Cleared', severity: 'normal' },
    },
    { derived: true },
  ),
  ack_siaga: choice({ id: 'Siaga yang ditandai', en: 'Acknowledged at' }, siaga, { byAction: true }),
  ack_at: instant({ id: 'Ditandai pada', en: 'Acknowledged on' }, { byAction: true }),
  rate_cm_h: quantity({ id: 'Laju naik', en: 'Rate of rise' }, 'cm/h', { min: -3000, max: 3000, deviceOnly: true }),
  trend: choice(
    { id: 'Kecenderungan', en: 'Trend' },
    {
      rising: { id: 'Naik', en: 'Rising', arrow: '↑' },
      steady: { id: 'Tetap', en: 'Steady', arrow: '→' },
      falling: { id: 'Turun', en: 'Falling', arrow: '↓' },
    },
    { deviceOnly: true },
  ),
  // Thresholds belong to a station and a date and come with the data.
  siaga1_cm: quantity({ id: 'Ambang siaga 1', en: 'Threshold of siaga 1' }, 'cm', { ...level, byAction: true }),
  siaga2_cm: quantity({ id: 'Ambang siaga 2', en: 'Threshold of siaga 2' }, 'cm', { ...level, byAction: true }),
  siaga3_cm: quantity({ id: 'Ambang siaga 3', en: 'Threshold of siaga 3' }, 'cm', { ...level, byAction: true }),
  siaga4_cm: quantity({ id: 'Ambang siaga 4', en: 'Threshold of siaga 4' }, 'cm', { ...level, byAction: true }),
  // Sources differ at the boundary itself: "≥ siaga1" in one, "> 200" in another.
  threshold_operator: choice(
    { id: 'Batas ambang', en: 'At the threshold' },
    {
      at_or_above: { id: 'Mencapai atau melampaui (≥)', en: 'At or above (≥)', aliases: ['>=', '≥'] },
      above: { id: 'Melampaui (>)', en: 'Above (>)', aliases: ['>'] },
    },
    { description: { id: 'Tanpa isian berarti ≥', en: 'Without a value: ≥' } },
  ),
  threshold_source: text({ id: 'Penetap ambang', en: 'Who set the thresholds' }),
  threshold_since: date({ id: 'Ambang berlaku sejak', en: 'Thresholds since' }),
  quality: choice(
    { id: 'Mutu bacaan', en: 'Quality' },
    {
      good: { id: 'Baik', en: 'Good' },
      unchecked: { id: 'Belum diperiksa', en: 'Unchecked' },
      suspect: { id: 'Meragukan', en: 'Suspect', severity: 'advisory' },
      bad: { id: 'Salah', en: 'Bad', severity: 'warning' },
    },
  ),
  method: choice(
    { id: 'Cara baca', en: 'Method' },
    {
      telemetry: { id: 'Telemetri', en: 'Telemetry' },
      manual: { id: 'Dibaca petugas', en: 'Read by staff', aliases: ['manual'] },
      camera: { id: 'Dibaca kamera', en: 'Read by camera' },
    },
  ),
  // FIWARE `FloodMonitoring`. Distance is not level: level = reference − distance (`factor` and `offset` of a device).
  measured_distance_cm: quantity({ id: 'Jarak sensor ke air', en: 'Sensor to water' }, 'cm', {
    min: 0,
    max: 10_000,
    deviceOnly: true,
  }),
  reference_level_cm: quantity({ id: 'Tinggi sensor dari dasar', en: 'Bed to sensor' }, 'cm', { min: 0, max: 10_000 }),
  travel_min: integer({ id: 'Waktu tempuh air ke pos berikutnya', en: 'Travel time to the next gauge' }, 'min', {
    min: 0,
    max: 20_160,
  }),
  next_gauge_code: text({ id: 'Kode pos berikutnya', en: 'Code of the next gauge' }, { maxLength: 100 }),
});

export default layer({
  id: 'river_gauge',
  group: 'disaster',
  geometry: 'Point',
  icon: 'gauge',
  title: { id: 'Pos duga air', en: 'River gauge' },
  attributes,
  rules: {
    river_gauge_siaga_order: {
      id: 'ambang siaga 1 harus di atas siaga 2, dan siaga 2 di atas siaga 3',
      en: 'the threshold of siaga 1 must be above that of siaga 2, and siaga 2 above siaga 3',
    },
  },
  name: 'name',
  state: 'siaga',
  valueLabel: 'level_cm',
  search: ['river'],
  fullZoom: 8,
  below: 'cluster',
  tile: ['name', 'siaga', 'level_cm', 'trend', 'quality', 'method', 'observed_at'],
  style: rulesByChoice('siaga', siaga),
  visible: { default: 'all' },
  staleAfterMinutes: 15,
  staleAfterBy: { attribute: 'method', minutes: { manual: 90 } },
  initiallyVisible: true,
  forgets: { attributes: ['ack_siaga', 'ack_at'], when: { attribute: 'siaga', values: ['4'] } },
  derived: {
    from: 'level_cm',
    minutes: 60,
    attributes: ['rate_cm_h', 'trend'],
    work(readings) {
      const slope = slopePerHour(readings);
      if (slope === null) return { rate_cm_h: null, trend: null };
      const rate = Math.round(slope * 10) / 10 + 0; // no negative zero
      return { rate_cm_h: rate, trend: rate > steady ? 'rising' : rate < -steady ? 'falling' : 'steady' };
    },
  },
  series: {
    attributes: ['level_cm', 'quality'],
    quality: 'quality',
    keptDays: 3 * 365,
    constant: ['method'],
    // Siaga 4 is what is below them all.
    thresholds: { of: 'level_cm', by: { 1: 'siaga1_cm', 2: 'siaga2_cm', 3: 'siaga3_cm' } },
  },
  actions: {
    acknowledge: action(attributes, {
      title: { id: 'Tandai diketahui', en: 'Acknowledge' },
      key: 'A',
      description: {
        id: 'Sampai airnya naik ke siaga yang lebih gawat, atau siaga 4.',
        en: 'Until the water rises to a worse siaga, or it is siaga 4.',
      },
      roles: ['operator', 'supervisor', 'disaster_officer', 'agency_operator', 'agency_head'],
      when: { attribute: 'alert_state', values: ['new'] },
      input: z.object({}),
      run: ({ now }, { siaga }) => ({ ack_siaga: siaga, ack_at: now.toISOString() }),
    }),
    // A safety limit: what is warned of depends on it, so one person alone never changes it.
    set_thresholds: action(attributes, {
      title: { id: 'Ubah ambang siaga', en: 'Change the siaga thresholds' },
      description: {
        id: 'Ambang yang dikosongkan tidak berubah.',
        en: 'A threshold that is left empty stays as it is.',
      },
      roles: ['disaster_officer', 'agency_operator'],
      twoPerson: { roles: ['agency_head', 'supervisor'], minutes: 10 },
      reason: 'required',
      input: z.object({
        siaga1_cm: attributes.shape.siaga1_cm,
        siaga2_cm: attributes.shape.siaga2_cm,
        siaga3_cm: attributes.shape.siaga3_cm,
        siaga4_cm: attributes.shape.siaga4_cm,
      }),
      run: (_context, feature, { siaga1_cm, siaga2_cm, siaga3_cm, siaga4_cm }) => ({
        siaga1_cm: siaga1_cm ?? feature.siaga1_cm,
        siaga2_cm: siaga2_cm ?? feature.siaga2_cm,
        siaga3_cm: siaga3_cm ?? feature.siaga3_cm,
        siaga4_cm: siaga4_cm ?? feature.siaga4_cm,
      }),
    }),
  },
});
