import { weightsOf } from '../../random.ts';
import { type Generator, minutesBefore, padded, simulated } from '../../row.ts';
import { businessName } from '../names.ts';

/** A line of business: how common it is, what its businesses are called, its KBLI 2020 code and title, what they sell. */
const line = (weight: number, words: string, kbli: string, activity: string, products: string) => ({
  weight,
  words: words.split(', '),
  kbli,
  activity,
  products: products.split(', '),
});
// biome-ignore format: a table
const lines = {
  food: line(26, 'Warung, Depot, Kedai, Rumah Makan', '56102', 'Rumah/warung makan', 'nasi pecel, bakso, soto ayam, mi ayam, suwar-suwir, prol tape, kopi tubruk, gado-gado'),
  grocery: line(22, 'Toko, Warung, Kios', '47112', 'Perdagangan eceran berbagai macam barang', 'sembako, gas dan air galon, jajanan, beras dan telur'),
  retail: line(10, 'Toko, UD', '47599', 'Perdagangan eceran perlengkapan rumah tangga', 'alat tulis, pulsa, perabot, mainan anak'),
  fashion: line(7, 'Busana, Konveksi, Butik', '14111', 'Industri pakaian jadi', 'kerudung, seragam, baju muslim, kaus sablon'),
  craft: line(4, 'Batik, Kerajinan', '13134', 'Industri batik', 'batik motif tembakau, anyaman bambu, manik-manik, tasbih kayu'),
  farming: line(6, 'Tani, Kelompok Tani', '01113', 'Pertanian kedelai', 'edamame, kedelai, benih kedelai'),
  tobacco: line(3, 'Gudang, Usaha', '01150', 'Perkebunan tembakau', 'tembakau na-oogst, cerutu, tembakau kasturi'),
  coffee_cocoa: line(3, 'Kopi, Rumah Kopi', '10761', 'Pengolahan kopi', 'kopi robusta Argopuro, cokelat batang, bubuk kakao'),
  fishery: line(2, 'Ikan, Terasi', '10219', 'Pengolahan hasil perikanan', 'ikan asap Puger, terasi Puger, abon tuna'),
  livestock: line(3, 'Ternak', '01461', 'Budidaya ayam ras pedaging', 'ayam potong, ayam pedaging hidup'),
  repair: line(5, 'Bengkel', '45407', 'Reparasi sepeda motor', 'servis motor, tambal ban, ganti oli'),
  beauty: line(3, 'Salon', '96112', 'Salon kecantikan', 'potong rambut, perawatan rambut, rias wajah'),
  laundry: line(2, 'Penatu', '96200', 'Penatu', 'cuci kiloan, cuci sepatu'),
  building: line(2, 'Mebel', '31001', 'Industri furnitur kayu', 'lemari, meja dan kursi, dipan'),
  transport: line(1, 'Jasa Angkut', '49431', 'Angkutan barang', 'sewa pikap, angkut pindahan'),
  lodging: line(1, 'Losmen, Wisata', '55130', 'Pondok wisata', 'kamar harian, paket wisata'),
};
const weights = weightsOf(lines);

/** Businesses where people live, trade and pass, nearly all of them micro. */
export const umkm: Generator = function* ({ region, chance, count, now }) {
  const wanted = count(650_000, 2000);
  for (let i = 0; i < wanted; i++) {
    const category = chance.weighted(weights);
    const { words, kbli, activity, products } = lines[category];
    const { position, village } = region.anywhere(chance);
    const scale = chance.weighted({ micro: 962, small: 33, medium: 5 });
    const turnover = Math.round(Math.exp(chance.normal({ micro: 17.6, small: 22, medium: 23.8 }[scale], 0.8)));
    yield simulated(position, {
      // Thirteen digits as a NIB has, from a range that is never issued.
      code: `99${padded(i + 1, 11)}`,
      name: businessName(chance, words),
      category,
      scale,
      flag_umk: scale !== 'medium',
      kbli,
      activity,
      risk: 'low',
      products: chance.pick(products),
      register_year: chance.integer(2021, 2026),
      position_precision: chance.weighted({ surveyed: 3, geocoded: 4, village: 3 }),
      nib: `99${padded(i + 1, 11)}`,
      nib_status: 'active',
      workers_male: chance.integer(0, scale === 'micro' ? 2 : 12),
      workers_female: chance.integer(0, scale === 'micro' ? 3 : 12),
      turnover_idr: turnover,
      turnover_band:
        turnover <= 2e9
          ? 'up_to_2_billion'
          : turnover <= 15e9
            ? 'up_to_15_billion'
            : turnover <= 50e9
              ? 'up_to_50_billion'
              : 'above_50_billion',
      observed_at: minutesBefore(now, chance.integer(1, 700) * 1440),
      agency: 'Dinas Koperasi dan UM',
      area_code: village,
    });
  }
};
