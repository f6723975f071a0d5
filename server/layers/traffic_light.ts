import { z } from 'zod';
import { choice, instant, integer, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';
import { internal } from '../registry/role.ts';
import { verified } from '../registry/verified.ts';

const mode = {
  dark: { id: 'Padam', en: 'Dark', severity: 'critical' },
  flash: { id: 'Kuning berkedip', en: 'Yellow flash', severity: 'warning' },
  all_red: { id: 'Semua merah', en: 'All red', severity: 'warning' },
  manual: { id: 'Dikendalikan petugas', en: 'Manual', severity: 'advisory' },
  free: { id: 'Bebas (tanpa koordinasi)', en: 'Free', severity: 'advisory' },
  fixed_time: { id: 'Waktu tetap', en: 'Fixed time', severity: 'normal' },
  actuated: { id: 'Menurut kendaraan', en: 'Actuated', severity: 'normal' },
  coordinated: { id: 'Terkoordinasi', en: 'Coordinated', severity: 'normal' },
  unknown: { id: 'Tidak terhubung', en: 'Not connected', severity: 'unknown' },
} as const;

const [dark, red, yellow, green] = [[], ['red'], ['yellow'], ['green']] as const;
const each = <L>(characters: string, lamps: L) =>
  Object.fromEntries([...characters].map((one) => [one, lamps] as const));
// RSMP S0001, a character a signal group. `-` is no group; dark and flashing in one (`e`) cannot be told apart.
const lit = {
  ...each('abe', dark),
  ...each('cfNO', yellow),
  ...each('dghABCDEFGP', red),
  ...each('0', ['red', 'yellow'] as const),
  ...each('123456789', green),
};

// RSMP numbers plans 1–255; NTCIP 1202 1–253, with 254 free and 255 flash; 0 gives control back.
const plan = { min: 0, max: 255 } as const;
const device = { deviceOnly: true } as const;

const published = ['name', 'mode', 'road_status'] as const;
const agency = [{ attributes: published }, { attributes: 'all', own: true }] as const;

/**
 * APILL. What was commanded and what runs are different columns. Red, yellow and all-red durations are not here:
 * they are results or safety values and never written.
 */
export default layer({
  id: 'traffic_light',
  group: 'traffic',
  geometry: 'Point',
  icon: 'signal',
  title: { id: 'Lampu lalu lintas (APILL)', en: 'Traffic light' },
  attributes: z.object({
    name: text({ id: 'Simpang', en: 'Junction' }, { required: true }),
    mode: choice({ id: 'Moda operasi', en: 'Mode' }, mode, device),
    commanded_plan: integer({ id: 'Rencana diperintahkan', en: 'Commanded plan' }, undefined, {
      ...plan,
      byAction: true,
    }),
    running_plan: integer({ id: 'Rencana berjalan', en: 'Running plan' }, undefined, { ...plan, ...device }),
    verified: verified(),
    // NTCIP 1202 unitFlashStatus. `mmu` can be shown but is cleared by hand at the cabinet only.
    flash_cause: choice(
      { id: 'Sebab berkedip', en: 'Cause of the flash' },
      {
        not_flash: { id: 'Tidak berkedip', en: 'Not flashing' },
        automatic: { id: 'Terjadwal', en: 'Automatic' },
        local_manual: { id: 'Tombol di kabinet', en: 'Local manual' },
        fault_monitor: { id: 'Pemantau gangguan', en: 'Fault monitor' },
        mmu: { id: 'Pemantau konflik (MMU)', en: 'Conflict monitor (MMU)' },
        startup: { id: 'Mulai menyala', en: 'Start-up' },
        preempt: { id: 'Kendaraan prioritas', en: 'Pre-emption' },
        other: { id: 'Lainnya', en: 'Other' },
      },
      device,
    ),
    // RSMP S0020.
    controller_state: choice(
      { id: 'Keadaan pengendali', en: 'Controller state' },
      {
        startup: { id: 'Mulai menyala', en: 'Start-up' },
        control: { id: 'Mengendalikan', en: 'Control' },
        standby: { id: 'Siaga', en: 'Standby' },
        failure: { id: 'Gangguan', en: 'Failure' },
        test: { id: 'Uji', en: 'Test' },
      },
      device,
    ),
    signal_groups: text({ id: 'Kelompok sinyal', en: 'Signal groups' }, { maxLength: 64, ...device }),
    stage: integer({ id: 'Fase', en: 'Stage' }, undefined, { min: 0, max: 255, ...device }),
    cycle_s: integer({ id: 'Waktu siklus', en: 'Cycle' }, 's', { min: 0, max: 600, ...device }),
    cycle_counter_s: integer({ id: 'Detik dalam siklus', en: 'Cycle counter' }, 's', { min: 0, max: 600, ...device }),
    offset_s: integer({ id: 'Ofset', en: 'Offset' }, 's', { min: 0, max: 600, ...device }),
    override_by: text({ id: 'Diambil alih oleh', en: 'Overridden by' }),
    override_reason: text({ id: 'Alasan ambil alih', en: 'Reason of the override' }),
    override_until: instant({ id: 'Ambil alih sampai', en: 'Overridden until' }),
    // UU 22/2009 art. 96: who may decide follows from the road; on a national road only with the approval named.
    road_status: choice(
      { id: 'Status jalan', en: 'Road status' },
      {
        national: { id: 'Nasional', en: 'National' },
        provincial: { id: 'Provinsi', en: 'Provincial' },
        regency: { id: 'Kabupaten', en: 'Regency' },
        city: { id: 'Kota', en: 'City' },
        village: { id: 'Desa', en: 'Village' },
      },
    ),
    approval_ref: text({ id: 'Nomor persetujuan', en: 'Approval number' }, { maxLength: 100 }),
    protocol: choice(
      { id: 'Protokol', en: 'Protocol' },
      {
        rsmp: { id: 'RSMP Nordic', en: 'RSMP Nordic' },
        ntcip: { id: 'NTCIP 1202', en: 'NTCIP 1202' },
        simulator: { id: 'Simulator', en: 'Simulator' },
        none: { id: 'Tidak terhubung', en: 'Not connected' },
      },
    ),
    site_id: text({ id: 'Nomor situs', en: 'Site id' }, { maxLength: 100 }),
  }),
  name: 'name',
  state: 'mode',
  fullZoom: 11,
  below: 'cluster',
  tile: [
    'name',
    'mode',
    'commanded_plan',
    'running_plan',
    'verified',
    'signal_groups',
    'override_until',
    'observed_at',
  ],
  style: rulesByChoice('mode', mode),
  // Restricted: what anyone sees at the junction is public, how it is controlled is not.
  visible: {
    default: { attributes: published },
    ...internal,
    traffic_engineer: 'all',
    agency_operator: agency,
    agency_head: agency,
  },
  staleAfterMinutes: 10 / 60,
  command: { commanded: 'commanded_plan', reported: 'running_plan', verified: 'verified' },
  heads: { attribute: 'signal_groups', lit, from: 17 },
  ends: 'override_until',
  initiallyVisible: true,
});
