import type { Attribute, Bilingual } from '../../registry/attribute.ts';
import { attributesOf, type Layer } from '../../registry/layer.ts';
import { Problem } from '../../registry/problem.ts';
import { commonProperties } from '../../registry/schema.ts';
import { distinctLimit, type FieldSurvey } from './survey.ts';

/** Where each column of a layer comes from. */
export interface Mapping {
  /** The field that is the row's key in the outside world; absent: rows are known by their content. */
  readonly code: string | undefined;
  /** Column → field: attributes, `observed_at` and `agency`. */
  readonly columns: ReadonlyMap<string, string>;
  /** Fields of a table that say where a row is. */
  readonly place: readonly string[];
  /** Of a new layer: what each column is, in words. */
  readonly kinds?: ReadonlyMap<string, string>;
  /** Fields that go nowhere. */
  readonly unused: readonly string[];
}

export interface MappingOptions {
  /** `attribute=field`, as given; `attribute=-` leaves the attribute alone. */
  readonly map: ReadonlyMap<string, string>;
  /** The key field; `-` for none. */
  readonly code?: string | undefined;
  /** What may be filled, by column; absent: all that an import may. */
  readonly targets?: ReadonlyMap<string, Attribute> | undefined;
}

/** Other names that common attributes go by, in both languages, normalised; an attribute's own key and titles come first. */
export const synonyms: Readonly<Record<string, readonly string[]>> = {
  code: [
    'kode',
    'id',
    'kodewilayah',
    'kodedesa',
    'kodekelurahan',
    'kodekecamatan',
    'kdepum',
    'kdcpum',
    'uniquekey',
    'koders',
    'stopid',
    'osmid',
    'nomor',
  ],
  name: [
    'nama',
    'namobj',
    'namaobjek',
    'label',
    'judul',
    'title',
    'namadesa',
    'namakelurahan',
    'namakecamatan',
    'namakec',
    'namars',
    'stopname',
    'wadmkd',
    'wadmkc',
  ],
  subject: ['judul', 'pokok', 'perihal', 'title', 'complainttype', 'servicename'],
  description: ['keterangan', 'deskripsi', 'uraian', 'descriptor', 'isi', 'text'],
  address: ['alamat', 'formatted', 'lokasi', 'incidentaddress', 'alamatlengkap'],
  status: ['keadaan', 'kondisi', 'state'],
  state: ['status', 'keadaan'],
  agency: ['instansi', 'opd', 'dinas'],
  owner: ['pemilik', 'kepemilikan'],
  phone: ['telepon', 'telp', 'nohp', 'notelp'],
  capacity: ['kapasitas', 'dayatampung'],
  hospital_class: ['kelas', 'class'],
  hospital_type: ['jenis', 'type'],
  beds_total: ['totaltt', 'tempattidur', 'jumlahtt', 'beds', 'totalbeds'],
  area_km2: ['luas', 'luaskm2', 'areakm2'],
  village_count: ['ndesa', 'jumlahdesa'],
  population: ['penduduk', 'jumlahpenduduk'],
  received_at: ['createddate', 'requesteddatetime', 'tanggalmasuk', 'createdat'],
  closed_at: ['closeddate', 'tanggalselesai'],
  due_at: ['duedate', 'expecteddatetime'],
  public_reply: ['resolutiondescription', 'statusnotes', 'jawaban', 'tanggapan'],
  observed_at: ['waktu', 'tanggal', 'measuredat', 'timestamp', 'observationdatetime'],
};

/** A guessed key must tell nearly all rows apart. */
const keyShare = 0.9;

/**
 * Says which field goes where: what was asked for, then names that match in either language. `place`: the fields of a table
 * that its rows' places are read from.
 * @throws Problem `invalid_input` naming an attribute or field that does not exist, or that only the system or a device fills.
 */
export function mapFields(
  layer: Layer,
  fields: ReadonlyMap<string, FieldSurvey>,
  options: MappingOptions,
  place: readonly string[] = [],
): Mapping {
  const targets = options.targets ?? writable(layer);
  for (const [column, field] of options.map) checkAsked(layer, targets, fields, column, field);
  const taken = new Set(options.map.values());
  const code = chooseCode([layer.id, layer.title.id, layer.title.en], fields, options.code, taken);
  if (code !== undefined) taken.add(code);
  const columns = new Map([...options.map].filter(([, field]) => field !== '-'));
  for (const [column, attribute] of targets) {
    if (options.map.has(column)) continue;
    const field = guess([column, attribute.title.id, attribute.title.en, ...(synonyms[column] ?? [])], fields, taken);
    if (field === undefined) continue;
    columns.set(column, field);
    taken.add(field);
  }
  const unused = [...fields.keys()].filter((field) => !taken.has(field) && !place.includes(field));
  return { code, columns, place, unused };
}

/** The columns an import may fill, by name. */
function writable(layer: Layer): ReadonlyMap<string, Attribute> {
  const { agency, observed_at } = commonProperties;
  const own = [...attributesOf(layer)].filter(([, attribute]) => !attribute.derived && !attribute.deviceOnly);
  return new Map([
    ...own,
    ...(agency ? [['agency', agency] as const] : []),
    ...(observed_at ? [['observed_at', observed_at] as const] : []),
  ]);
}

function checkAsked(
  layer: Layer,
  targets: ReadonlyMap<string, Attribute>,
  fields: ReadonlyMap<string, unknown>,
  column: string,
  field: string,
): void {
  if (!targets.has(column)) {
    const kept = attributesOf(layer).has(column);
    const why = kept
      ? 'is not filled by imports: the system or a device keeps it'
      : `does not exist; there are: ${[...targets.keys()].join(', ')}`;
    throw new Problem('invalid_input', `--map: the attribute ${layer.id}.${column} ${why}.`);
  }
  if (field !== '-' && !fields.has(field)) throw noField(field, fields);
}

/** The refusal of a field that the file does not have. */
export function noField(field: string, fields: ReadonlyMap<string, unknown>): Problem {
  return new Problem(
    'invalid_input',
    `The file has no field "${field}"; it has: ${[...fields.keys()].join(', ') || 'none'}.`,
  );
}

function guess(
  names: readonly string[],
  fields: ReadonlyMap<string, FieldSurvey>,
  taken: ReadonlySet<string>,
): string | undefined {
  for (const name of names.map(fieldName)) {
    for (const { name: field, filled } of fields.values())
      if (filled > 0 && !taken.has(field) && fieldName(field) === name) return field;
  }
  return undefined;
}

/**
 * The field that is the key: the one asked for (`-` for none), else one whose name says so and that tells rows apart.
 * @throws Problem `invalid_input` when the field asked for does not exist.
 */
export function chooseCode(
  words: readonly string[],
  fields: ReadonlyMap<string, FieldSurvey>,
  asked: string | undefined,
  taken: ReadonlySet<string> = new Set(),
): string | undefined {
  if (asked === '-') return undefined;
  if (asked !== undefined && !fields.has(asked)) throw noField(asked, fields);
  if (asked !== undefined) return asked;
  const usable = new Map([...fields].filter(([, field]) => tellsRowsApart(field)));
  const own = words.flatMap((word) => [`${word}_id`, `${word}_code`, `kode_${word}`, `id_${word}`]);
  return guess(['code', ...(synonyms.code ?? []), ...own], usable, taken);
}

function tellsRowsApart({ distinct, filled }: FieldSurvey): boolean {
  return distinct.size >= Math.min(filled, distinctLimit) * keyShare;
}

/** A name without case, accents and punctuation: "Nama Desa", "nama_desa" and "NAMADESA" are one. */
export function fieldName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** The mapping as lines of text, for people. */
export function describeMapping(layer: Layer, { code, columns, place, kinds, unused }: Mapping): string[] {
  const attributes = attributesOf(layer);
  const title = (column: string): Bilingual | undefined => (attributes.get(column) ?? commonProperties[column])?.title;
  const width = Math.max(4, ...[...columns.keys()].map((column) => column.length));
  const line = (column: string, field: string, note = '') =>
    `  ${column.padEnd(width)} ← ${field}${note && `  (${note})`}`;
  return [
    line('code', code ?? '–', code ? 'key' : 'no key: rows are known by their content'),
    ...(place.length > 0 ? [line('geom', place.join(', '))] : []),
    ...[...columns].map(([column, field]) => line(column, field, kinds?.get(column) ?? title(column)?.id)),
    ...(unused.length > 0 ? [`  not used: ${unused.join(', ')}`] : []),
  ];
}
