import { z } from 'zod';
import { action } from '../registry/actions/action.ts';
import { resumed } from '../registry/actions/resumed.ts';
import { choice, flag, instant, integer, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';

/** Open311 knows only open and closed: those two words are a façade over these. */
const state = {
  received: { id: 'Diterima', en: 'Received', severity: 'advisory', aliases: ['open'] },
  triaged: { id: 'Diverifikasi', en: 'Triaged', severity: 'advisory' },
  assigned: { id: 'Diteruskan ke OPD', en: 'Assigned', severity: 'advisory' },
  in_progress: { id: 'Dikerjakan', en: 'In progress', severity: 'normal', aliases: ['started'] },
  waiting: { id: 'Ditunda', en: 'Waiting', severity: 'advisory' },
  done: { id: 'Selesai', en: 'Done', severity: 'normal', aliases: ['closed'] },
  confirmed: { id: 'Dikonfirmasi pelapor', en: 'Confirmed by the reporter', severity: 'normal' },
  reopened: { id: 'Dibuka kembali', en: 'Reopened', severity: 'warning' },
  merged: { id: 'Digabung', en: 'Merged', severity: 'normal' },
  refused: { id: 'Ditolak', en: 'Refused', severity: 'normal' },
} as const;

/** The classes of 112 calls, kept so that statistics are honest. */
const triage = {
  normal: { id: 'Aduan', en: 'Complaint' },
  information: { id: 'Permintaan informasi', en: 'Question' },
  ghost: { id: 'Panggilan kosong', en: 'Silent call' },
  prank: { id: 'Iseng', en: 'Prank' },
} as const;

// Free text and place details may name people, so the public sees the subject the room gave it.
const published = [
  'subject',
  'category',
  'channel',
  'state',
  'received_at',
  'due_at',
  'closed_at',
  'waiting_reason',
  'waiting_since',
  'service_notice',
  'public_reply',
  'votes',
  'duplicates',
  'merged_into',
] as const;
const handled = [
  ...published,
  'description',
  'triage',
  'proof',
  'address',
  'verify_due_at',
  'secret',
  'anonymous',
] as const;
// A complaint whose secrecy (rahasia) nobody stated is not public.
const publicRows = { attributes: published, where: 'secret = false' } as const;
// A photo may show whose house it was taken from: of one who wished to stay anonymous only the room sees it.
const handler = [
  { attributes: handled },
  { attributes: [...handled, 'media_url'], where: 'anonymous = false' },
] as const;
// Who reported it only the agency learns that answers for it, and not of one who wished to stay anonymous.
const agency = [{ attributes: handled }, { attributes: 'all', own: true, where: 'anonymous = false' }] as const;

const attributes = z.object({
  subject: text({ id: 'Pokok aduan', en: 'Subject' }, { required: true }),
  category: choice(
    { id: 'Kategori', en: 'Category' },
    {
      road: { id: 'Jalan rusak', en: 'Road damage', icon: 'road' },
      streetlight: { id: 'Lampu jalan (PJU)', en: 'Street light', icon: 'lamp' },
      drainage: { id: 'Drainase dan banjir', en: 'Drainage and flooding', icon: 'water' },
      waste: { id: 'Sampah', en: 'Waste', icon: 'waste' },
      water: { id: 'Air bersih', en: 'Water supply', icon: 'tap' },
      fallen_tree: { id: 'Pohon tumbang', en: 'Fallen tree', icon: 'tree' },
      traffic: { id: 'Lalu lintas', en: 'Traffic', icon: 'signal' },
      parking: { id: 'Parkir', en: 'Parking', icon: 'parking' },
      public_order: { id: 'Ketertiban umum', en: 'Public order', icon: 'shield' },
      noise: { id: 'Kebisingan', en: 'Noise', icon: 'noise' },
      health: { id: 'Pelayanan kesehatan', en: 'Health service', icon: 'health' },
      education: { id: 'Pendidikan', en: 'Education', icon: 'school' },
      civil_registry: { id: 'Administrasi kependudukan', en: 'Civil registry', icon: 'id_card' },
      social_aid: { id: 'Bantuan sosial', en: 'Social aid', icon: 'social_aid' },
      permit: { id: 'Perizinan', en: 'Permits', icon: 'permit' },
      levy: { id: 'Pungutan liar', en: 'Illegal levies', icon: 'levy' },
      other: { id: 'Lainnya', en: 'Other' },
    },
  ),
  description: text({ id: 'Uraian', en: 'Description' }, { maxLength: 4000 }),
  channel: choice(
    { id: 'Kanal', en: 'Channel' },
    {
      whatsapp: { id: 'WhatsApp', en: 'WhatsApp' },
      web: { id: 'Situs web', en: 'Website', aliases: ['online'] },
      app: { id: 'Aplikasi', en: 'App', aliases: ['mobile'] },
      phone: { id: 'Telepon', en: 'Telephone', aliases: ['phone'] },
      call_112: { id: 'Panggilan 112', en: '112 call', aliases: ['112'] },
      lapor: { id: 'SP4N-LAPOR!', en: 'SP4N-LAPOR!', aliases: ['lapor'] },
      open311: { id: 'Open311', en: 'Open311' },
      email: { id: 'Surel', en: 'E-mail', aliases: ['email'] },
      sms: { id: 'SMS', en: 'SMS' },
      social: { id: 'Media sosial', en: 'Social media' },
      counter: { id: 'Loket', en: 'Counter' },
      camera: { id: 'Kamera', en: 'Camera' },
    },
  ),
  state: choice({ id: 'Status', en: 'State' }, state, { byAction: true }),
  triage: choice({ id: 'Hasil verifikasi', en: 'Triage' }, triage, { byAction: true }),
  received_at: instant({ id: 'Diterima pada', en: 'Received at' }),
  verify_due_at: instant({ id: 'Batas verifikasi', en: 'Triage due' }),
  due_at: instant({ id: 'Batas tindak lanjut', en: 'Due' }),
  closed_at: instant({ id: 'Selesai pada', en: 'Closed at' }, { byAction: true }),
  waiting_reason: text({ id: 'Alasan ditunda', en: 'Why it waits' }),
  waiting_since: instant({ id: 'Ditunda sejak', en: 'Waits since' }, { byAction: true }),
  service_notice: text({ id: 'Rencana penanganan', en: 'Service notice' }, { maxLength: 1000 }),
  public_reply: text({ id: 'Jawaban', en: 'Reply' }, { maxLength: 4000, byAction: true }),
  proof: text({ id: 'Bukti penyelesaian', en: 'Proof of completion' }, { maxLength: 2000, byAction: true }),
  media_url: text({ id: 'Foto', en: 'Photos' }, { maxLength: 2000 }),
  votes: integer({ id: 'Dukungan', en: 'Votes' }, '{vote}', { min: 0 }),
  duplicates: integer({ id: 'Aduan serupa', en: 'Duplicates' }, '{complaint}', { min: 0 }),
  merged_into: text({ id: 'Digabung ke kode', en: 'Merged into code' }, { maxLength: 100 }),
  address: text({ id: 'Lokasi', en: 'Place' }, { maxLength: 500 }),
  // Two different wishes: secret hides the report from the public, anonymous hides the reporter from the agencies.
  secret: flag({ id: 'Rahasia', en: 'Secret' }),
  anonymous: flag({ id: 'Anonim', en: 'Anonymous' }),
  reporter_name: text({ id: 'Nama pelapor', en: 'Reporter' }, { sensitive: true }),
  reporter_phone: text({ id: 'Telepon pelapor', en: 'Telephone of the reporter' }, { maxLength: 50, sensitive: true }),
});

const room = ['operator', 'supervisor'] as const;
const office = [...room, 'agency_operator', 'agency_head'] as const;
const reply = text({ id: 'Jawaban kepada pelapor', en: 'Reply to the reporter' }, { maxLength: 4000, required: true });
/** The clock runs again: what is left until it is due is what was left when it began to wait. */
const goesOn = (
  { due_at, waiting_since }: { readonly due_at: string | null; readonly waiting_since: string | null },
  now: Date,
) => ({ due_at: resumed(due_at, waiting_since, now), waiting_since: null });

export default layer({
  id: 'complaint',
  group: 'complaint',
  geometry: 'Point',
  icon: 'complaint',
  symbol: 'bubble',
  glyph: 'category',
  // What waits for a reason has its clock stopped.
  due: {
    attribute: 'due_at',
    when: { attribute: 'state', values: ['received', 'triaged', 'assigned', 'in_progress', 'reopened'] },
  },
  title: { id: 'Aduan', en: 'Complaint' },
  attributes,
  name: 'subject',
  state: 'state',
  search: ['address'],
  fullZoom: 14,
  below: 'cluster',
  tile: ['subject', 'category', 'state', 'due_at'],
  style: rulesByChoice('state', state),
  visible: {
    default: publicRows,
    operator: 'all',
    supervisor: 'all',
    field_officer: handler,
    agency_operator: agency,
    agency_head: agency,
    disaster_officer: handler,
    leader: handler,
  },
  initiallyVisible: true,
  // The channels hand in what people tell them, and whoever takes one up later may be another of them.
  createOnObservation: ['subject', 'received_at'],
  // What is still to be done; years of finished ones would cover the map.
  initialFilter: { state: ['received', 'triaged', 'assigned', 'in_progress', 'waiting', 'reopened'] },
  edit: ['admin', 'operator', 'supervisor', 'agency_operator'],
  // Whom a report is about does not make it go away.
  delete: ['admin', 'operator', 'supervisor'],
  actions: {
    triage: action(attributes, {
      title: { id: 'Verifikasi', en: 'Triage' },
      roles: room,
      when: { attribute: 'state', values: ['received', 'reopened', null] },
      input: z.object({
        triage: choice({ id: 'Hasil verifikasi', en: 'Triage' }, triage, { required: true }),
        category: attributes.shape.category,
        secret: attributes.shape.secret,
      }),
      run: ({ now }, feature, { triage, category, secret }) => {
        const isNone = triage === 'ghost' || triage === 'prank';
        return {
          triage,
          state: isNone ? 'refused' : 'triaged',
          closed_at: isNone ? now.toISOString() : null,
          category: category ?? feature.category,
          secret: secret ?? feature.secret,
        };
      },
    }),
    assign: action(attributes, {
      title: { id: 'Teruskan ke OPD', en: 'Assign' },
      key: 'D',
      roles: room,
      when: { attribute: 'state', values: ['triaged', 'assigned', 'in_progress', 'waiting', 'reopened'] },
      input: z.object({
        agency: text({ id: 'Instansi tujuan', en: 'Agency' }, { maxLength: 100, required: true }),
        due_at: attributes.shape.due_at,
        service_notice: attributes.shape.service_notice,
      }),
      run: ({ now }, feature, { agency, due_at, service_notice }) => ({
        ...{ agency, state: 'assigned', ...goesOn(feature, now) },
        ...(due_at !== null && { due_at }),
        service_notice: service_notice ?? feature.service_notice,
      }),
    }),
    start: action(attributes, {
      title: { id: 'Mulai kerjakan', en: 'Start work' },
      roles: [...office, 'field_officer'],
      when: { attribute: 'state', values: ['assigned', 'waiting', 'reopened'] },
      input: z.object({}),
      run: ({ now }, feature) => ({ state: 'in_progress', waiting_reason: null, ...goesOn(feature, now) }),
    }),
    wait: action(attributes, {
      title: { id: 'Tunda', en: 'Put off' },
      roles: office,
      when: { attribute: 'state', values: ['assigned', 'in_progress', 'reopened'] },
      input: z.object({
        waiting_reason: text({ id: 'Alasan ditunda', en: 'Why it waits' }, { required: true }),
      }),
      run: ({ now }, _feature, { waiting_reason }) => ({
        ...{ state: 'waiting', waiting_reason, waiting_since: now.toISOString() },
      }),
    }),
    reply: action(attributes, {
      title: { id: 'Jawab pelapor', en: 'Reply' },
      roles: office,
      input: z.object({ public_reply: reply }),
      run: (_context, _feature, { public_reply }) => ({ public_reply }),
    }),
    close: action(attributes, {
      title: { id: 'Selesaikan', en: 'Close' },
      roles: office,
      when: { attribute: 'state', values: ['assigned', 'in_progress', 'waiting', 'reopened'] },
      input: z.object({
        proof: text({ id: 'Bukti penyelesaian', en: 'Proof of completion' }, { maxLength: 2000, required: true }),
        public_reply: reply,
      }),
      run: ({ now }, feature, { proof, public_reply }) => ({
        ...{ proof, public_reply, state: 'done', closed_at: now.toISOString() },
        ...goesOn(feature, now),
      }),
    }),
    reopen: action(attributes, {
      title: { id: 'Buka kembali', en: 'Reopen' },
      roles: room,
      when: { attribute: 'state', values: ['done', 'confirmed', 'refused'] },
      input: z.object({}),
      reason: 'required',
      run: () => ({ state: 'reopened', closed_at: null }),
    }),
  },
});
