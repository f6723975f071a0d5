import { type Random, random } from '../random.ts';

const streets = (
  'Gajah Mada,Sultan Agung,Ahmad Yani,Trunojoyo,Diponegoro,Sudirman,Kalimantan,Jawa,Sumatra,Karimata,Mastrip,Letjen Suprapto,' +
  'Hayam Wuruk,Panglima Besar Sudirman,Kartini,Dahlia,Melati,Mawar,Anggrek,Kenanga,Teratai,Cempaka,Bengawan Solo,Brantas,Riau,' +
  'Nias,Bangka,Belitung,Halmahera,Danau Toba,Slamet Riyadi,PB Sudirman,Imam Bonjol,Otto Iskandardinata,Hasanuddin,Basuki Rahmat,' +
  'Dr. Soebandi,Kaca Piring,Wijaya Kusuma,Samanhudi,Untung Suropati,Gatot Subroto,MH Thamrin,S. Parman,Moh. Seruji,Manggar,' +
  'Rasamala,Cendrawasih,Merak,Nusantara,Semeru,Argopuro,Raung,Bromo,Arjuno,Merapi,Rinjani,Kelud,Pahlawan,Veteran'
).split(',');

/** Names of the streets of one grid, each used once, then with a number: the town's own, or with the seat's name. */
export function streetNames(place: string): () => string {
  const { integer } = random(`streets ${place}`);
  const names = [...streets];
  for (let last = names.length - 1; last > 0; last--) {
    const other = integer(0, last);
    [names[last], names[other]] = [names[other]!, names[last]!];
  }
  let used = 0;
  return () => {
    const round = Math.floor(used / names.length);
    const street = names[used++ % names.length]!;
    return `Jl. ${street}${round === 0 ? '' : ` ${'I'.repeat(round + 1)}`}`;
  };
}

const people = (
  'Sri,Siti,Endang,Wati,Yuli,Nur,Rahayu,Dewi,Lestari,Tutik,Sumiati,Aminah,Fatimah,Kholifah,Ani,Ratna,Budi,Slamet,Agus,Joko,Hadi,' +
  'Sutrisno,Eko,Bambang,Supriyadi,Wahyu,Arif,Imam,Mustofa,Yusuf,Hasan,Ridwan,Umar,Sholeh,Dwi,Tri,Rini,Lilik,Suparno,Misnati'
).split(',');
const blessings = (
  'Barokah,Rejeki,Sumber Rejeki,Makmur,Jaya,Maju Jaya,Sinar Abadi,Mulya,Berkah,Lancar,Sejahtera,Sentosa,Al-Amin,Anugerah,Karunia,' +
  'Putra Jember,Sumber Makmur,Tani Makmur,Mekar Sari,Dua Putra,Tiga Saudara,Sari Rasa,Bintang Timur,Harapan Baru,Usaha Bersama,Cahaya'
).split(',');

/** A given name as people are called in Jember. */
const personName = ({ pick }: Random): string => pick(people);

/** A business's name after its kind: "Warung Bu Sri", "Toko Barokah". `kinds` are words such as "Warung". */
export function businessName(chance: Random, kinds: readonly string[]): string {
  const kind = chance.pick(kinds);
  if (chance.chance(0.45)) return `${kind} ${chance.pick(['Bu', 'Pak', 'Mbak', 'Cak', 'Haji'])} ${personName(chance)}`;
  return chance.chance(0.2)
    ? `${kind} ${chance.pick(blessings)} ${chance.integer(2, 9)}`
    : `${kind} ${chance.pick(blessings)}`;
}
