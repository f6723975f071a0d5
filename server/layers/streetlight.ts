import { z } from 'zod';
import { choice, date, instant, quantity, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';
import type { StyleRule } from '../registry/style_rule.ts';
import { verified } from '../registry/verified.ts';

/** Words of FIWARE `Streetlight.status`, then what a citizen said and what was found. No telemetry is unknown, not ok. */
const status = {
  ok: { id: 'Baik', en: 'Working', severity: 'normal' },
  reported_out: { id: 'Dilaporkan padam', en: 'Reported out', severity: 'advisory' },
  confirmed_out: { id: 'Padam, sudah diperiksa', en: 'Out, confirmed', severity: 'warning' },
  defectiveLamp: { id: 'Lampu rusak', en: 'Defective lamp', severity: 'warning' },
  brokenLantern: { id: 'Rumah lampu pecah', en: 'Broken lantern', severity: 'warning' },
  columnIssue: { id: 'Tiang bermasalah', en: 'Column issue', severity: 'warning' },
  unknown: { id: 'Tanpa telemetri', en: 'No telemetry', severity: 'unknown' },
} as const;

/** FIWARE `powerState`. Off by day is no fault: judge it against the sun. */
const power = {
  on: { id: 'Menyala', en: 'On' },
  off: { id: 'Mati', en: 'Off' },
  low: { id: 'Redup', en: 'Dimmed' },
  bootingUp: { id: 'Mulai menyala', en: 'Starting' },
} as const;

const isWorking = ['==', ['get', 'status'], 'ok'] as const;
/** A lamp that is well is lit or out; one that does not say is neither. */
const working = [
  {
    label: { id: 'Baik, menyala', en: 'Working, lit' },
    filter: ['all', isWorking, ['any', ['==', ['get', 'power_state'], 'on'], ['==', ['get', 'power_state'], 'low']]],
    severity: 'normal',
  },
  {
    label: { id: 'Baik, tidak menyala', en: 'Working, not lit' },
    filter: ['all', isWorking, ['==', ['get', 'power_state'], 'off']],
    severity: 'normal',
    icon: 'lamp_off',
    hollow: true,
  },
] as const satisfies readonly StyleRule<'status' | 'power_state'>[];

export default layer({
  id: 'streetlight',
  group: 'utility',
  geometry: 'Point',
  icon: 'lamp',
  symbol: 'dot',
  drawOrder: 'small',
  title: { id: 'Lampu jalan (PJU)', en: 'Street light' },
  attributes: z.object({
    pole: text({ id: 'Nomor tiang', en: 'Pole number' }, { required: true, maxLength: 100 }),
    status: choice({ id: 'Kondisi', en: 'Condition' }, status),
    power_state: choice({ id: 'Nyala menurut alat', en: 'Power, as reported' }, power, { deviceOnly: true }),
    commanded: choice({ id: 'Nyala menurut perintah', en: 'Power, as commanded' }, power, { byAction: true }),
    verified: verified(),
    // Many lamps out on one circuit are one fault in the cabinet.
    circuit: text({ id: 'Sirkuit', en: 'Circuit' }, { maxLength: 100 }),
    cabinet: text({ id: 'Panel (APP)', en: 'Control cabinet' }, { maxLength: 100 }),
    feeder_pillar: text({ id: 'Nomor gardu pembagi', en: 'Feeder pillar' }, { maxLength: 100 }),
    controlling_method: choice(
      { id: 'Cara kendali', en: 'Controlled' },
      { group: { id: 'Per kelompok', en: 'As a group' }, individual: { id: 'Satu per satu', en: 'One by one' } },
    ),
    illuminance_level: quantity({ id: 'Tingkat terang (0–1)', en: 'Light level (0–1)' }, '1', { min: 0, max: 1 }),
    power_consumption: quantity({ id: 'Daya', en: 'Power' }, 'W', { min: 0, max: 5000 }),
    current: quantity({ id: 'Arus', en: 'Current' }, 'A', { min: 0, max: 100 }),
    voltage: quantity({ id: 'Tegangan', en: 'Voltage' }, 'V', { min: 0, max: 1000 }),
    power_factor: quantity({ id: 'Faktor daya', en: 'Power factor' }, '1', { min: -1, max: 1 }),
    lantern_height: quantity({ id: 'Tinggi lampu', en: 'Lantern height' }, 'm', { min: 0, max: 50 }),
    lamp_changed: date({ id: 'Lampu terakhir diganti', en: 'Lamp last changed' }),
    reported_out_at: instant({ id: 'Dilaporkan padam pada', en: 'Reported out at' }),
    location_category: choice(
      { id: 'Letak', en: 'Location' },
      {
        street: { id: 'Jalan', en: 'Street' },
        square: { id: 'Alun-alun', en: 'Square' },
        park: { id: 'Taman', en: 'Park' },
        bridge: { id: 'Jembatan', en: 'Bridge' },
        alley: { id: 'Gang', en: 'Alley' },
        other: { id: 'Lainnya', en: 'Other' },
      },
    ),
  }),
  name: 'pole',
  state: 'status',
  search: ['cabinet'],
  fullZoom: 14,
  below: 'cluster',
  tile: ['pole', 'status', 'power_state', 'commanded', 'verified', 'observed_at'],
  style: [...working, ...rulesByChoice('status', status)],
  visible: { default: 'all' },
  staleAfterMinutes: 15,
  command: { commanded: 'commanded', reported: 'power_state', verified: 'verified' },
});
