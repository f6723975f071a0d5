export const tools = {
  'tools.measure': 'Ukur',
  'tools.length': 'Jarak',
  'tools.area': 'Luas',
  'tools.measure_hint': 'Klik titik demi titik; klik dua kali untuk selesai, Esc untuk berhenti.',
  'tools.stop': 'Selesai mengukur',
  'tools.measure_tap': 'Ketuk titik demi titik',
  'tools.measure_finish': 'Akhiri',
  'tools.measure_remove': 'Hapus ukuran',
  'tools.basemap': 'Peta dasar',
  'tools.export': 'Gambar',
  'tools.export_png': 'Simpan PNG',
  'tools.export_failed': 'Gambar tidak bisa disusun. Coba lagi sesudah peta selesai memuat.',
  'tools.export_refused':
    'Server peta dasar ini tidak mengizinkan gambarnya disalin. Pilih peta dasar lain, lalu simpan lagi.',
  'tools.import': 'Berkas',
  'tools.import_hint': 'Atau lepaskan berkas di mana saja pada halaman ini.',
} as const;
