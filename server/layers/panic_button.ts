import { z } from 'zod';
import { action } from '../registry/actions/action.ts';
import { choice, instant, quantity, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';
import { internal } from '../registry/role.ts';

const state = {
  pressed: { id: 'Ditekan', en: 'Pressed', severity: 'critical' },
  acknowledged: { id: 'Diterima petugas', en: 'Acknowledged', severity: 'warning' },
  dispatched: { id: 'Regu dikirim', en: 'Dispatched', severity: 'advisory' },
  // A silent button is itself an alarm.
  silent: { id: 'Tidak memberi kabar', en: 'Silent', severity: 'warning' },
  idle: { id: 'Siap', en: 'Idle', severity: 'normal' },
  closed: { id: 'Selesai', en: 'Closed', severity: 'normal' },
  false_alarm: { id: 'Alarm palsu', en: 'False alarm', severity: 'normal' },
} as const;

const attributes = z.object({
  name: text({ id: 'Tempat', en: 'Place' }, { required: true }),
  device: text({ id: 'Nomor alat', en: 'Device' }, { maxLength: 100 }),
  kind: choice(
    { id: 'Jenis', en: 'Kind' },
    { pole: { id: 'Tiang', en: 'Pole' }, app: { id: 'Aplikasi ponsel', en: 'Phone app' } },
  ),
  state: choice({ id: 'Status', en: 'State' }, state, { byAction: true }),
  pressed_at: instant({ id: 'Ditekan pada', en: 'Pressed at' }),
  ack_by: text({ id: 'Diterima oleh', en: 'Acknowledged by' }, { byAction: true }),
  ack_at: instant({ id: 'Diterima pada', en: 'Acknowledged at' }, { byAction: true }),
  dispatched_unit: text({ id: 'Regu yang dikirim', en: 'Unit sent' }, { byAction: true }),
  dispatched_by: text({ id: 'Dikirim oleh', en: 'Sent by' }, { byAction: true }),
  dispatched_at: instant({ id: 'Dikirim pada', en: 'Sent at' }, { byAction: true }),
  comment: text({ id: 'Catatan', en: 'Comment' }, { maxLength: 1000 }),
  // Volts and per cent are different readings; trackers send either.
  battery_percent: quantity({ id: 'Sisa baterai', en: 'Battery charge' }, '%', { min: 0, max: 100 }),
  battery_v: quantity({ id: 'Tegangan baterai', en: 'Battery voltage' }, 'V', { min: 0, max: 60 }),
});

const answering = ['operator', 'supervisor', 'agency_operator', 'agency_head', 'disaster_officer'] as const;

export default layer({
  id: 'panic_button',
  group: 'emergency',
  geometry: 'Point',
  icon: 'panic',
  title: { id: 'Tombol panik', en: 'Panic button' },
  attributes,
  name: 'name',
  state: 'state',
  search: ['device'],
  fullZoom: 9,
  below: 'cluster',
  tile: ['name', 'state', 'kind', 'observed_at'],
  style: rulesByChoice('state', state),
  visible: {
    default: 'none',
    ...internal,
    agency_operator: 'all',
    agency_head: 'all',
    disaster_officer: 'all',
    field_officer: {
      attributes: ['name', 'state', 'kind', 'pressed_at', 'ack_at', 'dispatched_unit', 'dispatched_at'],
    },
  },
  staleAfterMinutes: 10,
  // An app says nothing before it is needed.
  staleAfterBy: { attribute: 'kind', minutes: { app: null } },
  initiallyVisible: true,
  // A press that nobody answered yet stays one. A button that is only heard of again has said no more than that it is there.
  link: {
    attribute: 'state',
    offline: 'silent',
    from: ['idle', 'closed', 'false_alarm'],
    online: 'idle',
    silentWhenStale: true,
  },
  actions: {
    acknowledge: action(attributes, {
      title: { id: 'Tandai diterima', en: 'Acknowledge' },
      key: 'A',
      roles: answering,
      when: { attribute: 'state', values: ['pressed'] },
      input: z.object({ comment: attributes.shape.comment }),
      run: ({ now, person }, feature, { comment }) => ({
        ...{ state: 'acknowledged', ack_by: person, ack_at: now.toISOString(), comment: comment ?? feature.comment },
        // Of the alarm before.
        ...{ dispatched_unit: null, dispatched_by: null, dispatched_at: null },
      }),
    }),
    dispatch: action(attributes, {
      title: { id: 'Kirim regu', en: 'Dispatch' },
      key: 'D',
      roles: answering,
      when: { attribute: 'state', values: ['acknowledged'] },
      input: z.object({
        dispatched_unit: text({ id: 'Regu yang dikirim', en: 'Unit sent' }, { required: true }),
        comment: attributes.shape.comment,
      }),
      run: ({ now, person }, feature, { dispatched_unit, comment }) => ({
        ...{ state: 'dispatched', dispatched_unit, dispatched_by: person, dispatched_at: now.toISOString() },
        comment: comment ?? feature.comment,
      }),
    }),
    resolve: action(attributes, {
      title: { id: 'Selesaikan', en: 'Resolve' },
      roles: answering,
      when: { attribute: 'state', values: ['acknowledged', 'dispatched'] },
      input: z.object({
        state: choice(
          { id: 'Hasil', en: 'Outcome' },
          { closed: state.closed, false_alarm: state.false_alarm },
          { required: true },
        ),
        comment: attributes.shape.comment,
      }),
      run: (_context, feature, { state, comment }) => ({ state, comment: comment ?? feature.comment }),
    }),
  },
});
