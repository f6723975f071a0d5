import type { Language } from '../i18n/language.ts';

const words = {
  zoomIn: { id: 'Perbesar', en: 'Zoom in' },
  zoomOut: { id: 'Perkecil', en: 'Zoom out' },
  credits: { id: 'Sumber peta', en: 'Map credits' },
  map: {
    id: 'Peta operasi. Panah menggeser, tambah dan kurang mengubah skala. Daftar fitur ada di panel.',
    en: 'Operations map. Arrows pan, plus and minus zoom. The panel lists the features.',
  },
  schematic: { id: 'Batas wilayah skematis, bukan batas resmi', en: 'Schematic boundaries, not official ones' },
  demo: { id: 'Data simulasi', en: 'Simulated data' },
  critical: { id: 'kritis', en: 'critical' },
  warning: { id: 'waspada tinggi', en: 'warning' },
  advisory: { id: 'waspada', en: 'advisory' },
  unknown: { id: 'tidak diketahui', en: 'unknown' },
  normal: { id: 'normal', en: 'normal' },
  oldest: { id: 'terlama', en: 'oldest' },
  neverObserved: { id: 'ada yang belum pernah melapor', en: 'some never reported' },
  asked: { id: 'diminta, belum dilaporkan', en: 'asked, not reported yet' },
  fault: { id: 'tidak sesuai perintah', en: 'not as commanded' },
  doubt: { id: 'bacaan meragukan', en: 'doubtful reading' },
  overdue: { id: 'lewat batas waktu', en: 'overdue' },
  measureStart: { id: 'Klik untuk mulai mengukur', en: 'Click to start measuring' },
  measureMore: { id: 'Klik ganda atau Enter untuk selesai', en: 'Double click or Enter to finish' },
} as const;

/** A word of the map in the page's language. */
export function word(key: keyof typeof words, language: Language): string {
  return words[key][language];
}
