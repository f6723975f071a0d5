import { fieldName } from './mapping.ts';
import type { FieldSurvey, Survey } from './survey.ts';

/** What fields with data of people are called in offices, in both languages (UU 27/2022, article 4). */
const names =
  /^(no|nomor)?(nik|nokk|kk|ktp|npwp|paspor|passport|sim|bpjs|rekening|telp|telepon|telpon|hp|ponsel|wa|whatsapp|kontak|phone|mobile|phonenumber)$|email|surel|pelapor|reporter|pemohon|pasien|penerima|namalengkap|namaibu|namaayah|kepalakeluarga|ttl$|(tanggal|tgl)lahir|birth|tempatlahir|agama|alamatrumah|diagnos/;

/** What is written in them, whatever they are called: an identity number, a mobile number, an e-mail address. */
const values = /^\d{16}$|^(\+62|62|0)8[\d\s-]{7,13}$|^\S+@\S+\.[a-z]{2,}$/i;

const looked = 100;
const personalShare = 0.5;

/** The fields of a file that look as if they were of people, in its order: a guess for a warning, never a promise. */
export function personalFields({ fields }: Survey): string[] {
  return [...fields.values()].filter(isPersonal).map(({ name }) => name);
}

function isPersonal({ name, distinct }: FieldSurvey): boolean {
  if (names.test(fieldName(name))) return true;
  const some = [...distinct].slice(0, looked);
  const alike = some.filter((value) => values.test(String(value).trim()));
  return some.length > 0 && alike.length >= some.length * personalShare;
}
