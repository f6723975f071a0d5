import { z } from 'zod';
import { action } from '../registry/actions/action.ts';
import { choice, flag, integer, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';

const state = {
  full: { id: 'Penuh', en: 'Full', severity: 'warning' },
  nearly_full: { id: 'Hampir penuh', en: 'Nearly full', severity: 'advisory' },
  open: { id: 'Dibuka', en: 'Open', severity: 'normal' },
  ready: { id: 'Siap dibuka', en: 'Ready', severity: 'normal' },
  unusable: { id: 'Tidak dapat dipakai', en: 'Unusable', severity: 'unknown' },
} as const;

const attributes = z.object({
  name: text({ id: 'Nama', en: 'Name' }, { required: true }),
  kind: choice(
    { id: 'Jenis', en: 'Kind' },
    {
      assembly_point: { id: 'Titik kumpul', en: 'Assembly point' },
      shelter: { id: 'Tempat pengungsian', en: 'Evacuation shelter' },
      command_post: { id: 'Posko', en: 'Command post' },
      kitchen: { id: 'Dapur umum', en: 'Public kitchen' },
    },
  ),
  state: choice({ id: 'Status', en: 'State' }, state, { byAction: true }),
  capacity: integer({ id: 'Daya tampung', en: 'Capacity' }, '{person}', { min: 0, max: 1_000_000 }),
  // May exceed the capacity on a bad night: shown, not corrected.
  occupied: integer({ id: 'Terisi', en: 'Occupied' }, '{person}', { min: 0, max: 1_000_000 }),
  needs: text({ id: 'Kebutuhan', en: 'Needs' }, { maxLength: 1000 }),
  accessible: flag({ id: 'Ramah disabilitas', en: 'Accessible' }),
  water: flag({ id: 'Air bersih tersedia', en: 'Clean water' }),
  toilets: integer({ id: 'Jumlah kamar mandi', en: 'Toilets' }, '{toilet}', { min: 0, max: 10_000 }),
  address: text({ id: 'Alamat', en: 'Address' }, { maxLength: 500 }),
  keeper: text({ id: 'Penanggung jawab', en: 'Person in charge' }),
  keeper_phone: text({ id: 'Telepon penanggung jawab', en: 'Telephone of the person in charge' }, { maxLength: 50 }),
});

const hosts = ['disaster_officer', 'operator', 'supervisor', 'agency_operator'] as const;

/** How full it is; a place whose capacity nobody stated is only open. */
function fullness(occupied: number, capacity: number | null) {
  if (capacity === null) return 'open';
  if (occupied >= capacity) return 'full';
  return occupied >= 0.9 * capacity ? 'nearly_full' : 'open';
}

export default layer({
  id: 'shelter',
  group: 'disaster',
  geometry: 'Point',
  icon: 'shelter',
  title: { id: 'Titik kumpul dan posko', en: 'Shelter' },
  attributes,
  name: 'name',
  state: 'state',
  valueLabel: 'occupied',
  search: ['address'],
  fullZoom: 10,
  below: 'cluster',
  tile: ['name', 'kind', 'state', 'occupied', 'observed_at'],
  style: rulesByChoice('state', state),
  visible: {
    default: {
      attributes: [
        'name',
        'kind',
        'state',
        'capacity',
        'occupied',
        'needs',
        'accessible',
        'water',
        'toilets',
        'address',
      ],
    },
    operator: 'all',
    supervisor: 'all',
    disaster_officer: 'all',
    field_officer: 'all',
  },
  staleAfterMinutes: 60,
  // A place that is not in use has nothing to report.
  staleAfterBy: { attribute: 'state', minutes: { ready: null, unusable: null } },
  series: {
    attributes: ['occupied', 'state'],
    keptDays: 3 * 365,
    constant: ['kind'],
    thresholds: { of: 'occupied', by: { full: 'capacity' } },
  },
  initiallyVisible: true,
  edit: ['admin', 'disaster_officer', 'agency_operator'],
  actions: {
    open: action(attributes, {
      title: { id: 'Buka', en: 'Open' },
      roles: hosts,
      when: { attribute: 'state', values: ['ready', 'unusable', null] },
      input: z.object({ occupied: attributes.shape.occupied, needs: attributes.shape.needs }),
      run: ({ now }, feature, { occupied, needs }) => ({
        state: fullness(occupied ?? 0, feature.capacity),
        occupied: occupied ?? 0,
        needs: needs ?? feature.needs,
        observed_at: now.toISOString(),
      }),
    }),
    count: action(attributes, {
      title: { id: 'Catat pengungsi', en: 'Count people' },
      roles: [...hosts, 'field_officer'],
      when: { attribute: 'state', values: ['open', 'nearly_full', 'full'] },
      input: z.object({
        occupied: integer({ id: 'Terisi', en: 'Occupied' }, '{person}', { min: 0, max: 1_000_000, required: true }),
        needs: attributes.shape.needs,
      }),
      run: ({ now }, feature, { occupied, needs }) => ({
        state: fullness(occupied, feature.capacity),
        occupied,
        needs: needs ?? feature.needs,
        observed_at: now.toISOString(),
      }),
    }),
    close: action(attributes, {
      title: { id: 'Tutup', en: 'Close' },
      roles: hosts,
      when: { attribute: 'state', values: ['open', 'nearly_full', 'full'] },
      confirm: { id: 'Semua orang sudah meninggalkan tempat ini?', en: 'Has everybody left the place?' },
      input: z.object({}),
      run: ({ now }) => ({ state: 'ready', occupied: 0, observed_at: now.toISOString() }),
    }),
  },
});
