import { z } from 'zod';
import { choice, flag, instant, integer, quantity, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';
import { internal } from '../registry/role.ts';
import { verified } from '../registry/verified.ts';

/** What the siren itself said. Silent (idle) and unreachable (unknown) are different. */
const reported = {
  sounding: { id: 'Berbunyi', en: 'Sounding', severity: 'critical' },
  fault: { id: 'Gangguan', en: 'Fault', severity: 'warning' },
  armed: { id: 'Dipersiapkan', en: 'Armed', severity: 'advisory' },
  cancelled: { id: 'Dibatalkan', en: 'Cancelled', severity: 'normal' },
  idle: { id: 'Siap', en: 'Idle', severity: 'normal' },
  unknown: { id: 'Tidak terhubung', en: 'Not reachable', severity: 'unknown' },
} as const;

export default layer({
  id: 'siren',
  group: 'disaster',
  geometry: 'Point',
  icon: 'siren',
  title: { id: 'Sirene', en: 'Siren' },
  attributes: z.object({
    name: text({ id: 'Nama', en: 'Name' }, { required: true }),
    reported: choice({ id: 'Laporan sirene', en: 'As reported' }, reported, { deviceOnly: true }),
    commanded: choice(
      { id: 'Perintah', en: 'As commanded' },
      {
        idle: { id: 'Diam', en: 'Idle' },
        armed: { id: 'Dipersiapkan', en: 'Armed' },
        sounding: { id: 'Bunyikan', en: 'Sound' },
        cancelled: { id: 'Batalkan', en: 'Cancel' },
        quiet_test: { id: 'Uji senyap', en: 'Quiet test' },
      },
      { byAction: true },
    ),
    // A relay or DTMF siren cannot confirm: it stays unknown, never verified.
    verified: verified(),
    confirms: flag({ id: 'Dapat melapor balik', en: 'Reports back' }),
    pattern: choice(
      { id: 'Pola bunyi', en: 'Pattern' },
      {
        steady: { id: 'Rata', en: 'Steady' },
        wail: { id: 'Naik turun', en: 'Wail' },
        pulse: { id: 'Putus-putus', en: 'Pulse' },
        voice: { id: 'Suara', en: 'Voice' },
      },
    ),
    seconds: integer({ id: 'Lama bunyi', en: 'Duration' }, 's', { min: 0, max: 3600 }),
    sound_level_db: quantity({ id: 'Tingkat bunyi pada 30 m', en: 'Sound level at 30 m' }, 'dB', { min: 0, max: 150 }),
    reach_m: quantity({ id: 'Jangkauan dengar', en: 'Audible radius' }, 'm', { min: 0, max: 20_000 }),
    // From its level and the buildings around; where nobody worked it out, the radius.
    reach: text({ id: 'Wilayah dengar', en: 'Audible area' }, { maxLength: 20_000 }),
    last_test: instant({ id: 'Uji bunyi terakhir', en: 'Last sound test' }),
    last_quiet_test: instant({ id: 'Uji senyap terakhir', en: 'Last quiet test' }),
    test_due: instant({ id: 'Batas uji berikutnya', en: 'Next test due' }),
    battery_percent: quantity({ id: 'Sisa baterai', en: 'Battery charge' }, '%', { min: 0, max: 100 }),
    protocol: choice(
      { id: 'Protokol', en: 'Protocol' },
      {
        mqtt: { id: 'MQTT', en: 'MQTT' },
        modbus: { id: 'Modbus', en: 'Modbus' },
        dtmf: { id: 'Radio DTMF', en: 'DTMF radio' },
        relay: { id: 'Relai', en: 'Relay' },
        simulator: { id: 'Simulator', en: 'Simulator' },
      },
    ),
  }),
  rules: {
    siren_verified: {
      id: 'sirene yang tidak dapat melapor balik tidak pernah terverifikasi',
      en: 'a siren that does not report back is never verified',
    },
  },
  name: 'name',
  state: 'reported',
  fullZoom: 9,
  below: 'cluster',
  tile: ['name', 'reported', 'commanded', 'verified', 'observed_at'],
  style: rulesByChoice('reported', reported),
  visible: {
    default: 'none',
    ...internal,
    disaster_officer: 'all',
  },
  staleAfterMinutes: 5,
  command: { commanded: 'commanded', reported: 'reported', verified: 'verified', rest: ['idle'] },
  coverage: { range: 'reach_m', area: 'reach' },
  initiallyVisible: true,
  link: { attribute: 'reported', offline: 'unknown' },
});
