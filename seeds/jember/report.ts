import { type Random, weightsOf } from '../random.ts';

/** What people write about each category, and whose it is. */
const subjects = {
  road: { weight: 24, agency: 'DPU BMSDA', texts: ['Jalan berlubang', 'Aspal mengelupas', 'Jalan ambles'] },
  streetlight: {
    weight: 18,
    agency: 'Dinas PU Cipta Karya',
    texts: ['Lampu jalan padam', 'PJU berkedip', 'Tiang lampu miring'],
  },
  waste: { weight: 14, agency: 'DLH', texts: ['Sampah menumpuk', 'Bak sampah penuh', 'Pembakaran sampah'] },
  drainage: {
    weight: 12,
    agency: 'DPU BMSDA',
    texts: ['Selokan tersumbat', 'Genangan setelah hujan', 'Tutup got hilang'],
  },
  traffic: { weight: 8, agency: 'Dishub', texts: ['Lampu merah mati', 'Macet di simpang', 'Rambu hilang'] },
  civil_registry: { weight: 7, agency: 'Dispendukcapil', texts: ['KTP belum jadi', 'Antrean KK lama'] },
  fallen_tree: { weight: 5, agency: 'BPBD', texts: ['Pohon tumbang', 'Dahan menutup jalan'] },
  public_order: { weight: 5, agency: 'Satpol PP', texts: ['Pedagang di trotoar', 'Reklame liar'] },
  water: { weight: 4, agency: 'Perumdam Tirta Pandalungan', texts: ['Air tidak mengalir', 'Pipa bocor'] },
  other: { weight: 3, agency: 'Diskominfo', texts: ['Pertanyaan layanan', 'Usulan warga'] },
} as const;
const weights = weightsOf(subjects);

export type ReportCategory = keyof typeof subjects;

/** What somebody reports, of one of these categories, or of any: the common ones more often. */
export function report(chance: Random, categories?: readonly ReportCategory[]) {
  const category = categories ? chance.pick(categories) : chance.weighted(weights);
  const { agency, texts } = subjects[category];
  return {
    category,
    agency,
    subject: chance.pick(texts),
    channel: chance.weighted({ whatsapp: 62, web: 10, lapor: 12, call_112: 8, social: 5, counter: 3 }),
    secret: chance.chance(0.04),
    anonymous: chance.chance(0.15),
  };
}
