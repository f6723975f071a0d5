import { z } from 'zod';
import { action } from '../registry/actions/action.ts';
import { type Bilingual, choice, instant, integer, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';

/** FacilityStatus of EDXL-HAVE 1.0, and that nobody answered. */
const facilityStatus = {
  normal: { id: 'Normal', en: 'Normal', severity: 'normal' },
  compromised: { id: 'Pelayanan terganggu', en: 'Compromised', severity: 'advisory' },
  closed: { id: 'Tutup', en: 'Closed', severity: 'warning' },
  evacuating: { id: 'Sedang evakuasi', en: 'Evacuating', severity: 'critical' },
  pending: { id: 'Menunggu laporan', en: 'Pending', severity: 'unknown' },
  no_response: { id: 'Tidak menjawab', en: 'No response', severity: 'unknown' },
} as const;

/** ClinicalStatus, SecurityStatus and MorgueCapacity of EDXL-HAVE 1.0. */
const clinicalStatus = {
  normal: { id: 'Normal', en: 'Normal' },
  full: { id: 'Penuh', en: 'Full', severity: 'advisory' },
  closed: { id: 'Tutup', en: 'Closed', severity: 'warning' },
} as const;
const securityStatus = {
  normal: { id: 'Normal', en: 'Normal' },
  elevated: { id: 'Ditingkatkan', en: 'Elevated', severity: 'advisory' },
  restricted: { id: 'Akses dibatasi', en: 'Restricted access', severity: 'advisory' },
  lockdown: { id: 'Dikunci', en: 'Lockdown', severity: 'warning' },
  quarantine: { id: 'Karantina', en: 'Quarantine', severity: 'warning' },
  closed: { id: 'Tutup', en: 'Closed', severity: 'warning' },
} as const;
const morgueStatus = {
  open: { id: 'Menerima', en: 'Open' },
  full: { id: 'Penuh', en: 'Full', severity: 'advisory' },
  exceeded: { id: 'Melebihi daya tampung', en: 'Exceeded', severity: 'warning' },
  closed: { id: 'Tutup', en: 'Closed', severity: 'advisory' },
} as const;

/** The classes of beds, in the order in which they are shown. */
const classes = {
  vvip: { id: 'VVIP', en: 'VVIP' },
  class1: { id: 'kelas I', en: 'class I' },
  class2: { id: 'kelas II', en: 'class II' },
  class3: { id: 'kelas III', en: 'class III' },
  icu: { id: 'ICU', en: 'ICU' },
  nicu: { id: 'NICU', en: 'NICU' },
  picu: { id: 'PICU', en: 'PICU' },
  isolation: { id: 'isolasi', en: 'isolation' },
  other: { id: 'lainnya', en: 'other' },
} as const;
type BedClass = keyof typeof classes;
const bedClasses = Object.keys(classes) as BedClass[]; // the keys of a constant

const most = 10_000;
const count = (title: Bilingual, unit: string, beside: { readonly observedBy: string; readonly outOf?: string }) =>
  integer(title, unit, { min: 0, max: most, ...beside });
const moment = (title: Bilingual) => instant(title);
type Count = ReturnType<typeof count>;
type Moment = ReturnType<typeof moment>;

/** What is counted of a class, as SIRANAP does. Free and used together may exceed the total (cleaning, extra beds): shown as is. */
type Counts = Readonly<Record<`${BedClass}_${'total' | 'free' | 'used' | 'queue'}`, Count>>;
/** A class can be reported without the others, so each has its own time. */
type Moments = Readonly<Record<`${BedClass}_at`, Moment>>;
/** Values of them. */
type Counted = Record<keyof Counts, number | null> & Record<keyof Moments, string>;

const beds = Object.fromEntries(
  Object.entries(classes).flatMap(([of, { id, en }]): [string, Count | Moment][] => {
    const observedBy = `${of}_at`;
    const part = { observedBy, outOf: `${of}_total` };
    return [
      [`${of}_total`, count({ id: `Tempat tidur ${id}`, en: `Beds, ${en}` }, '{bed}', { observedBy })],
      [`${of}_free`, count({ id: `Kosong, ${id}`, en: `Free, ${en}` }, '{bed}', part)],
      [`${of}_used`, count({ id: `Terpakai, ${id}`, en: `Used, ${en}` }, '{bed}', part)],
      [`${of}_queue`, count({ id: `Antrean, ${id}`, en: `Queue, ${en}` }, '{person}', { observedBy })],
      [observedBy, moment({ id: `Waktu data ${id}`, en: `As of, ${en}` })],
    ];
  }),
) as Counts & Moments; // each class has all five
const free = Object.fromEntries(bedClasses.map((of) => [`${of}_free`, beds[`${of}_free`]])) as Pick<
  Counts,
  `${BedClass}_free`
>;

const attributes = z.object({
  name: text({ id: 'Nama', en: 'Name' }, { required: true }),
  facility_status: choice({ id: 'Status fasilitas', en: 'Facility status' }, facilityStatus),
  igd_status: choice(
    { id: 'Status IGD', en: 'Emergency department' },
    {
      normal: { id: 'Menerima', en: 'Receiving' },
      advisory: { id: 'Padat', en: 'Advisory' },
      closed: { id: 'Menutup penerimaan', en: 'Closed' },
      not_applicable: { id: 'Tidak ada IGD', en: 'Not applicable' },
    },
  ),
  igd_reason: text({ id: 'Sebab status IGD', en: 'Why, emergency department' }),
  clinical_status: choice({ id: 'Pelayanan klinis', en: 'Clinical services' }, clinicalStatus),
  security_status: choice({ id: 'Keamanan', en: 'Security' }, securityStatus),
  morgue_status: choice({ id: 'Kamar jenazah', en: 'Morgue' }, morgueStatus),
  beds_free: integer({ id: 'Tempat tidur kosong', en: 'Free beds' }, '{bed}', { derived: true, min: 0 }),
  beds_total: integer({ id: 'Tempat tidur menurut izin', en: 'Licensed beds' }, '{bed}', { min: 0, max: 100_000 }),
  queue: integer({ id: 'Antrean rawat inap', en: 'Queue for a bed' }, '{person}', { min: 0, max: 10_000 }),
  ...beds,
  hospital_class: choice(
    { id: 'Kelas rumah sakit', en: 'Hospital class' },
    {
      a: { id: 'Kelas A', en: 'Class A' },
      b: { id: 'Kelas B', en: 'Class B' },
      c: { id: 'Kelas C', en: 'Class C' },
      d: { id: 'Kelas D', en: 'Class D' },
      d_pratama: { id: 'Kelas D Pratama', en: 'Class D Pratama' },
    },
  ),
  hospital_type: text({ id: 'Jenis', en: 'Type' }, { maxLength: 100 }),
  owner: text({ id: 'Pemilik', en: 'Owner' }),
  address: text({ id: 'Alamat', en: 'Address' }),
  phone: text({ id: 'Telepon IGD', en: 'Emergency telephone' }, { maxLength: 50 }),
});

/** Rumah sakit: counts of beds are public, patients are never here. */
export default layer({
  id: 'hospital',
  group: 'health',
  geometry: 'Point',
  icon: 'hospital',
  title: { id: 'Rumah sakit', en: 'Hospital' },
  attributes,
  name: 'name',
  state: 'facility_status',
  valueLabel: 'beds_free',
  labelAge: true,
  search: ['address'],
  fullZoom: 10,
  below: 'cluster',
  tile: ['name', 'facility_status', 'beds_free', 'observed_at'],
  style: rulesByChoice('facility_status', facilityStatus),
  visible: { default: 'all' },
  staleAfterMinutes: 60,
  series: {
    attributes: ['beds_free', 'queue', 'facility_status', ...bedClasses.map((of) => `${of}_free` as const)],
    keptDays: 3 * 365,
  },
  initiallyVisible: true,
  actions: {
    report_beds: action(attributes, {
      title: { id: 'Lapor tempat tidur', en: 'Report beds' },
      description: { id: 'Kelas yang dikosongkan tidak berubah.', en: 'A class that is left empty stays as it is.' },
      roles: ['agency_operator', 'operator', 'supervisor'],
      input: z.object({
        igd_status: attributes.shape.igd_status,
        igd_reason: attributes.shape.igd_reason,
        queue: attributes.shape.queue,
        ...free,
      }),
      run: ({ now }, feature, input) => {
        const at = now.toISOString();
        const said: Partial<Record<`${BedClass}_free`, number> & Record<`${BedClass}_at`, string>> = {};
        for (const of of bedClasses) {
          const reported = input[`${of}_free`];
          if (reported === null) continue;
          said[`${of}_free`] = reported;
          said[`${of}_at`] = at;
        }
        return {
          ...said,
          observed_at: at,
          // A reason belongs to the status that it was given for.
          ...(input.igd_status !== null
            ? { igd_status: input.igd_status, igd_reason: input.igd_reason }
            : { igd_reason: input.igd_reason ?? feature.igd_reason }),
          queue: input.queue ?? feature.queue,
        };
      },
    }),
    report_class: action(attributes, {
      title: { id: 'Lapor satu kelas', en: 'Report one class' },
      description: { id: 'Isian yang dikosongkan tidak berubah.', en: 'What is left empty stays as it is.' },
      roles: ['agency_operator', 'operator', 'supervisor'],
      input: z.object({
        bed_class: choice({ id: 'Kelas', en: 'Class' }, classes, { required: true }),
        free: integer({ id: 'Kosong', en: 'Free' }, '{bed}', { min: 0, max: most }),
        used: integer({ id: 'Terpakai', en: 'Used' }, '{bed}', { min: 0, max: most }),
        queue: integer({ id: 'Antrean', en: 'Queue' }, '{person}', { min: 0, max: most }),
        total: integer({ id: 'Tempat tidur', en: 'Beds' }, '{bed}', { min: 0, max: most }),
      }),
      run: ({ now }, feature, { bed_class: of, free, used, queue, total }) => {
        const at = now.toISOString();
        const said: Partial<Counted> = {
          [`${of}_free`]: free ?? feature[`${of}_free`],
          [`${of}_used`]: used ?? feature[`${of}_used`],
          [`${of}_queue`]: queue ?? feature[`${of}_queue`],
          [`${of}_total`]: total ?? feature[`${of}_total`],
          [`${of}_at`]: at,
        };
        return { ...said, observed_at: at };
      },
    }),
  },
});
