import { z } from 'zod';
import { choice, flag, integer, quantity, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';

const strength = {
  tsunami: { id: 'Berpotensi tsunami', en: 'Tsunami possible', severity: 'critical' },
  strong: { id: 'M 6,0 ke atas', en: 'M 6.0 and above', severity: 'warning' },
  moderate: { id: 'M 5,0 sampai 5,9', en: 'M 5.0 to 5.9', severity: 'advisory' },
  light: { id: 'Di bawah M 5,0', en: 'Below M 5.0', severity: 'normal' },
} as const;

/** Wherever it was: one far off is felt, or its wave arrives. An event, so it never grows stale, but leaves. */
export default layer({
  id: 'quake',
  group: 'disaster',
  geometry: 'Point',
  icon: 'quake',
  title: { id: 'Gempa bumi', en: 'Earthquake' },
  attributes: z.object({
    name: text({ id: 'Wilayah', en: 'Place' }, { required: true, maxLength: 300 }),
    magnitude: quantity({ id: 'Magnitudo', en: 'Magnitude' }, '{M}', { min: -2, max: 10, required: true }),
    strength: choice({ id: 'Kekuatan', en: 'Strength' }, strength, { derived: true }),
    depth_km: quantity({ id: 'Kedalaman', en: 'Depth' }, 'km', { min: 0, max: 800 }),
    tsunami: choice(
      { id: 'Potensi tsunami', en: 'Tsunami' },
      {
        yes: { id: 'Berpotensi', en: 'Possible' },
        no: { id: 'Tidak berpotensi', en: 'Not to be expected' },
      },
      { description: { id: 'Tanpa isian berarti tidak disebutkan', en: 'Without a value: not stated' } },
    ),
    past: flag({ id: 'Lebih dari sehari lalu', en: 'More than a day ago' }, { deviceOnly: true }),
    potential: text({ id: 'Keterangan potensi', en: 'Statement' }, { maxLength: 500 }),
    felt: text({ id: 'Dirasakan', en: 'Felt' }, { maxLength: 2000 }),
    felt_mmi: integer({ id: 'Intensitas terkuat (MMI)', en: 'Strongest intensity (MMI)' }, '{MMI}', {
      min: 1,
      max: 12,
    }),
    shakemap: text({ id: 'Peta guncangan', en: 'Shake map' }, { maxLength: 500 }),
  }),
  name: 'name',
  state: 'strength',
  valueLabel: 'magnitude',
  fullZoom: 4,
  below: 'cluster',
  tile: ['name', 'strength', 'magnitude', 'depth_km', 'felt_mmi'],
  style: rulesByChoice('strength', strength),
  visible: { default: 'all' },
  leaves: { afterDays: 30 },
  // The wave of a tsunami has come by then, or will not.
  past: { attribute: 'past', afterHours: 24 },
  initiallyVisible: true,
});
