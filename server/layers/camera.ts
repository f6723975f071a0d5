import { z } from 'zod';
import { action } from '../registry/actions/action.ts';
import { choice, describe, flag, instant, integer, quantity, records, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';

/** Words of Frigate (`frigate/<camera>/status`), then ours. An offline camera is silent, which is drawn as unknown. */
const status = {
  online: { id: 'Tersambung', en: 'Online', severity: 'normal' },
  degraded: { id: 'Gambar terganggu', en: 'Degraded', severity: 'advisory' },
  offline: { id: 'Terputus', en: 'Offline', severity: 'unknown', silent: true },
  disabled: { id: 'Dinonaktifkan', en: 'Disabled', severity: 'unknown' },
  unknown: { id: 'Belum diperiksa', en: 'Not checked yet', severity: 'unknown' },
} as const;

// View cone, purpose and sign of every camera are public (UU 27/2022 art. 17(1)b); its stream and its wiring are not.
const published = [
  'name',
  'status',
  'owner_type',
  'purpose',
  'legal_basis',
  'dpia_ref',
  'retention_days',
  'sign_installed',
  'sign_photo',
  'publish',
  'heading_deg',
  'fov_deg',
  'range_m',
  'out_of_service',
] as const;
// Whose house a private one looks out of is nobody's business.
const named = [...published, 'owner', 'address', 'contact'] as const;
const everybody = [
  { attributes: published },
  { attributes: named, where: "owner_type IN ('city', 'agency', 'police')" },
] as const;
const keeper = [...everybody, { attributes: 'all', own: true }] as const;
// Whoever keeps the system running needs its wiring, of private ones too.
const wiring = [
  ...published,
  'ptz',
  'presets',
  'out_of_service_note',
  'last_ok',
  'upstream_switch',
  'upstream_power',
] as const;
const maintained = [...everybody, { attributes: wiring }] as const;

/** Where a camera that moves can be told to look, by the numbers that it knows. */
const preset = {
  number: describe(integer({ id: 'Nomor', en: 'Number' }, undefined, { min: 0, max: 255 })),
  name: describe(text({ id: 'Pandangan', en: 'View' })),
};

const attributes = z.object({
  name: text({ id: 'Nama', en: 'Name' }, { required: true }),
  // What a list of another city says ("Online" on every line) is not an observation.
  status: choice({ id: 'Status', en: 'Status' }, status, { deviceOnly: true }),
  owner_type: choice(
    { id: 'Jenis pemilik', en: 'Kind of owner' },
    {
      city: { id: 'Pemerintah daerah', en: 'Local government' },
      agency: { id: 'Perangkat daerah', en: 'Agency' },
      police: { id: 'Kepolisian', en: 'Police' },
      private_building: { id: 'Bangunan swasta', en: 'Private building' },
      other: { id: 'Lainnya', en: 'Other' },
    },
  ),
  owner: text({ id: 'Pemilik', en: 'Owner' }),
  // The closed list of UU 27/2022 art. 17(1)a.
  purpose: choice(
    { id: 'Tujuan', en: 'Purpose' },
    {
      security: { id: 'Keamanan', en: 'Security' },
      disaster_prevention: { id: 'Pencegahan bencana', en: 'Disaster prevention' },
      traffic: { id: 'Penyelenggaraan lalu lintas', en: 'Running traffic' },
      traffic_information: { id: 'Analisis informasi lalu lintas', en: 'Traffic information' },
    },
  ),
  legal_basis: text({ id: 'Dasar hukum', en: 'Legal basis' }),
  dpia_ref: text({ id: 'Nomor penilaian dampak (DPIA)', en: 'Impact assessment (DPIA) number' }, { maxLength: 100 }),
  retention_days: integer({ id: 'Masa simpan rekaman', en: 'Footage kept for' }, 'd', { min: 0, max: 3650 }),
  sign_installed: flag({ id: 'Tanda terpasang', en: 'Sign installed' }),
  sign_photo: text({ id: 'Foto tanda', en: 'Photo of the sign' }, { maxLength: 500 }),
  publish: flag({ id: 'Gambar boleh untuk umum', en: 'Picture may be public' }),
  heading_deg: quantity({ id: 'Arah pandang', en: 'Heading' }, 'deg', { min: 0, max: 360 }),
  fov_deg: quantity({ id: 'Sudut pandang', en: 'Field of view' }, 'deg', { min: 0, max: 360 }),
  range_m: quantity({ id: 'Jangkauan pandang', en: 'Viewing distance' }, 'm', { min: 0, max: 20_000 }),
  ptz: flag({ id: 'Dapat digerakkan (PTZ)', en: 'Can be moved (PTZ)' }),
  presets: records({ id: 'Preset', en: 'Presets' }, preset, 20_000),
  out_of_service: flag({ id: 'Tidak dioperasikan', en: 'Out of service' }, { byAction: true }),
  out_of_service_note: text({ id: 'Sebab tidak dioperasikan', en: 'Why it is out of service' }, { byAction: true }),
  last_ok: instant({ id: 'Terakhir tersambung', en: 'Last online' }, { deviceOnly: true }),
  address: text({ id: 'Lokasi', en: 'Place' }),
  contact: text({ id: 'Kontak pengelola', en: 'Contact of the keeper' }),
  upstream_switch: text({ id: 'Sakelar jaringan hulu', en: 'Upstream switch' }, { maxLength: 100 }),
  upstream_power: text({ id: 'Sumber daya hulu', en: 'Upstream power' }, { maxLength: 100 }),
  protocol: choice(
    { id: 'Protokol', en: 'Protocol' },
    {
      rtsp: { id: 'RTSP', en: 'RTSP' },
      onvif: { id: 'ONVIF', en: 'ONVIF' },
      hls: { id: 'HLS', en: 'HLS' },
      flv: { id: 'FLV', en: 'FLV' },
      whep: { id: 'WebRTC (WHEP)', en: 'WebRTC (WHEP)' },
      mjpeg: { id: 'MJPEG', en: 'MJPEG' },
    },
  ),
  // With the user and the password of the camera in it, as often as not.
  stream_address: text({ id: 'Alamat aliran gambar', en: 'Stream address' }, { maxLength: 2000, serverOnly: true }),
});

const keepers = ['operator', 'supervisor', 'agency_operator', 'admin'] as const;

export default layer({
  id: 'camera',
  group: 'traffic',
  geometry: 'Point',
  icon: 'camera',
  title: { id: 'Kamera CCTV', en: 'Camera' },
  attributes,
  name: 'name',
  state: 'status',
  search: ['address'],
  fullZoom: 13,
  below: 'cluster',
  tile: ['name', 'status', 'heading_deg', 'fov_deg', 'range_m', 'observed_at'],
  style: rulesByChoice('status', status),
  visible: {
    default: everybody,
    agency_operator: keeper,
    agency_head: keeper,
    operator: 'all',
    supervisor: 'all',
    admin: maintained,
    data_protection_officer: maintained,
  },
  staleAfterMinutes: 1,
  // What a lens can see is not what is watched.
  coverage: { range: 'range_m', usual: 60, most: 300, sector: { heading: 'heading_deg', width: 'fov_deg' } },
  initiallyVisible: true,
  link: { attribute: 'status', offline: 'offline', from: ['online', 'degraded', 'unknown'] },
  actions: {
    // Not its status, which the camera itself says.
    take_out_of_service: action(attributes, {
      title: { id: 'Hentikan operasi', en: 'Take out of service' },
      roles: keepers,
      when: { attribute: 'out_of_service', values: [false, null] },
      input: z.object({
        out_of_service_note: text({ id: 'Sebab', en: 'Why' }, { required: true }),
      }),
      run: (_context, _feature, { out_of_service_note }) => ({ out_of_service: true, out_of_service_note }),
    }),
    put_into_service: action(attributes, {
      title: { id: 'Operasikan lagi', en: 'Put back into service' },
      roles: keepers,
      when: { attribute: 'out_of_service', values: [true] },
      input: z.object({}),
      run: () => ({ out_of_service: false, out_of_service_note: null }),
    }),
  },
});
