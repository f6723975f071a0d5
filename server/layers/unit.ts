import { z } from 'zod';
import { choice, quantity, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';
import { internal } from '../registry/role.ts';

const state = {
  on_scene: { id: 'Di lokasi', en: 'On scene', severity: 'warning' },
  responding: { id: 'Menuju kejadian', en: 'Responding', severity: 'warning' },
  enroute: { id: 'Dalam perjalanan', en: 'En route', severity: 'advisory' },
  staging: { id: 'Siaga di titik kumpul', en: 'Staging', severity: 'advisory' },
  committed: { id: 'Sudah ditugaskan', en: 'Committed', severity: 'advisory' },
  delayed: { id: 'Terlambat', en: 'Delayed', severity: 'advisory' },
  unavailable: { id: 'Tidak siap', en: 'Unavailable', severity: 'unknown' },
  out_of_service: { id: 'Tidak beroperasi', en: 'Out of service', severity: 'unknown' },
  available: { id: 'Siap', en: 'Available', severity: 'normal' },
  returning: { id: 'Kembali ke pangkalan', en: 'Returning', severity: 'normal' },
  released: { id: 'Selesai bertugas', en: 'Released', severity: 'normal' },
  cancelled: { id: 'Dibatalkan', en: 'Cancelled', severity: 'normal' },
} as const;

export default layer({
  id: 'unit',
  group: 'emergency',
  geometry: 'Point',
  icon: 'unit',
  title: { id: 'Regu dan armada', en: 'Unit' },
  attributes: z.object({
    name: text({ id: 'Nama panggil', en: 'Call-sign' }, { required: true }),
    kind: choice(
      { id: 'Jenis', en: 'Kind' },
      {
        patrol_car: { id: 'Mobil patroli', en: 'Patrol car' },
        motorcycle: { id: 'Sepeda motor', en: 'Motorcycle' },
        ambulance: { id: 'Ambulans', en: 'Ambulance' },
        fire_engine: { id: 'Mobil pemadam', en: 'Fire engine' },
        rescue_truck: { id: 'Truk penyelamat', en: 'Rescue truck' },
        water_tanker: { id: 'Mobil tangki air', en: 'Water tanker' },
        boat: { id: 'Perahu', en: 'Boat' },
        foot_team: { id: 'Regu jalan kaki', en: 'Team on foot' },
        other: { id: 'Lainnya', en: 'Other' },
      },
    ),
    state: choice({ id: 'Status', en: 'State' }, state),
    task: text({ id: 'Tugas', en: 'Task' }, { maxLength: 500 }),
    // Trackers send knots, GTFS-RT metres a second: converted at their doors.
    speed_km_h: quantity({ id: 'Kecepatan', en: 'Speed' }, 'km/h', { min: 0, max: 300, deviceOnly: true }),
    course_deg: quantity({ id: 'Arah', en: 'Course' }, 'deg', { min: 0, max: 360, deviceOnly: true }),
    battery_percent: quantity({ id: 'Sisa baterai', en: 'Battery charge' }, '%', {
      min: 0,
      max: 100,
      deviceOnly: true,
    }),
    link: choice(
      { id: 'Sambungan alat', en: 'Device link' },
      {
        online: { id: 'Tersambung', en: 'Online' },
        offline: { id: 'Terputus', en: 'Offline' },
        unknown: { id: 'Tidak diketahui', en: 'Unknown' },
      },
      { deviceOnly: true },
    ),
  }),
  name: 'name',
  state: 'state',
  valueLabel: 'name',
  fullZoom: 8,
  below: 'cluster',
  tile: ['name', 'kind', 'state', 'speed_km_h', 'course_deg', 'link', 'observed_at'],
  style: rulesByChoice('state', state),
  // Where people on duty are is nobody else's business.
  visible: {
    default: 'none',
    ...internal,
    disaster_officer: 'all',
    traffic_engineer: 'all',
    agency_operator: 'all',
    agency_head: 'all',
    field_officer: 'all',
  },
  staleAfterMinutes: 2,
  initiallyVisible: true,
  moving: { course: 'course_deg', speed: 'speed_km_h' },
  series: { attributes: ['speed_km_h', 'course_deg', 'state'], keptDays: 90, constant: ['kind'] },
  createOnObservation: [],
  link: { attribute: 'link', offline: 'offline', online: 'online' },
});
