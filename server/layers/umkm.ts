import { z } from 'zod';
import { choice, flag, integer, quantity, text } from '../registry/attribute.ts';
import { layer } from '../registry/layer.ts';

// One business's turnover is a person's finances (UU 27/2022 art. 4(2)), and a micro business's address is often a home.
const published = [
  'name',
  'category',
  'scale',
  'flag_umk',
  'kbli',
  'activity',
  'sector',
  'risk',
  'products',
  'register_year',
  'position_precision',
] as const;
// The office whose register it is knows all of it.
const register = [{ attributes: published }, { attributes: 'all', own: true }] as const;
const workers = { min: 0, max: 1_000_000 } as const;
const rupiah = { min: 0, max: 1e15 } as const;

/** Usaha mikro, kecil, menengah (and large), as OSS RBA and the office's register know them. */
export default layer({
  id: 'umkm',
  group: 'economy',
  geometry: 'Point',
  icon: 'shop',
  symbol: 'soft',
  drawOrder: 'background',
  title: { id: 'UMKM', en: 'Small business' },
  attributes: z.object({
    name: text({ id: 'Nama usaha', en: 'Name of the business' }, { required: true }),
    category: choice(
      { id: 'Jenis usaha', en: 'Line of business' },
      {
        food: { id: 'Kuliner', en: 'Food and drink', icon: 'food' },
        grocery: { id: 'Toko kelontong', en: 'Groceries', icon: 'basket' },
        retail: { id: 'Perdagangan lainnya', en: 'Other retail' },
        fashion: { id: 'Busana', en: 'Clothing', icon: 'clothes' },
        craft: { id: 'Kerajinan dan batik', en: 'Crafts and batik', icon: 'craft' },
        farming: { id: 'Pertanian', en: 'Farming', icon: 'farm' },
        tobacco: { id: 'Tembakau', en: 'Tobacco', icon: 'tobacco' },
        coffee_cocoa: { id: 'Kopi dan kakao', en: 'Coffee and cocoa', icon: 'coffee' },
        fishery: { id: 'Perikanan', en: 'Fishery', icon: 'fish' },
        livestock: { id: 'Peternakan', en: 'Livestock', icon: 'livestock' },
        repair: { id: 'Bengkel', en: 'Repairs', icon: 'tool' },
        beauty: { id: 'Salon dan pangkas rambut', en: 'Beauty and barber', icon: 'scissors' },
        laundry: { id: 'Penatu', en: 'Laundry', icon: 'laundry' },
        building: { id: 'Bangunan dan mebel', en: 'Building and furniture', icon: 'furniture' },
        transport: { id: 'Angkutan', en: 'Transport', icon: 'truck' },
        lodging: { id: 'Penginapan dan wisata', en: 'Lodging and tourism', icon: 'bed' },
        services: { id: 'Jasa lainnya', en: 'Other services', icon: 'briefcase' },
        other: { id: 'Lainnya', en: 'Other' },
      },
    ),
    scale: choice(
      { id: 'Skala usaha', en: 'Scale' },
      {
        micro: { id: 'Mikro', en: 'Micro', aliases: ['01', '1'] },
        small: { id: 'Kecil', en: 'Small', aliases: ['02', '2'] },
        medium: { id: 'Menengah', en: 'Medium', aliases: ['03', '3'] },
        large: { id: 'Besar', en: 'Large', aliases: ['04', '4'] },
      },
    ),
    // What OSS made of it when the licence was given; the scale may have changed since.
    flag_umk: flag({ id: 'UMK menurut OSS', en: 'Micro or small, says OSS' }),
    kbli: text({ id: 'Kode KBLI', en: 'KBLI code' }, { maxLength: 5 }),
    activity: text({ id: 'Uraian usaha', en: 'Activity' }, { maxLength: 500 }),
    sector: text({ id: 'Sektor', en: 'Sector' }),
    risk: choice(
      { id: 'Skala risiko', en: 'Risk scale' },
      {
        low: { id: 'Rendah', en: 'Low' },
        medium_low: { id: 'Menengah rendah', en: 'Medium low' },
        medium_high: { id: 'Menengah tinggi', en: 'Medium high' },
        high: { id: 'Tinggi', en: 'High' },
      },
    ),
    products: text({ id: 'Produk', en: 'Products' }, { maxLength: 500 }),
    register_year: integer({ id: 'Tahun data', en: 'Year of the record' }, 'a', { min: 1900, max: 2200 }),
    // OSS leaves `lat_lng` empty, and the registered address is not the shop.
    position_precision: choice(
      { id: 'Ketelitian lokasi', en: 'Precision of the place' },
      {
        surveyed: { id: 'Disurvei', en: 'Surveyed' },
        geocoded: { id: 'Dari alamat', en: 'From the address' },
        village: { id: 'Titik tengah desa', en: 'Centre of the village' },
      },
    ),
    nib: text({ id: 'NIB', en: 'Business number (NIB)' }, { maxLength: 13 }),
    nib_status: choice(
      { id: 'Status NIB', en: 'NIB status' },
      {
        active: { id: 'Aktif', en: 'Active', aliases: ['01'] },
        not_active: { id: 'Belum aktif', en: 'Not active yet', aliases: ['02'] },
        permitted: { id: 'Izin usaha terbit', en: 'Business permitted', aliases: ['03'] },
        operating: { id: 'Izin operasional terbit', en: 'Operation permitted', aliases: ['04'] },
        frozen: { id: 'Dibekukan', en: 'Frozen', aliases: ['05'] },
        revoked: { id: 'Dicabut', en: 'Revoked', aliases: ['06'] },
      },
    ),
    address: text({ id: 'Alamat terdaftar', en: 'Registered address' }, { maxLength: 500 }),
    workers_male: integer({ id: 'Tenaga kerja laki-laki', en: 'Male workers' }, '{person}', workers),
    workers_female: integer({ id: 'Tenaga kerja perempuan', en: 'Female workers' }, '{person}', workers),
    investment_idr: quantity({ id: 'Investasi', en: 'Investment' }, '{IDR}', rupiah),
    turnover_idr: quantity({ id: 'Omzet per tahun', en: 'Yearly turnover' }, '{IDR}/a', {
      ...rupiah,
      sensitive: true,
    }),
    // The bands of PP 7/2021 art. 35(5).
    turnover_band: choice(
      { id: 'Kelompok omzet', en: 'Turnover band' },
      {
        up_to_2_billion: { id: 'Sampai Rp2 miliar', en: 'Up to Rp2 billion' },
        up_to_15_billion: { id: 'Rp2–15 miliar', en: 'Rp2–15 billion' },
        up_to_50_billion: { id: 'Rp15–50 miliar', en: 'Rp15–50 billion' },
        above_50_billion: { id: 'Di atas Rp50 miliar', en: 'Above Rp50 billion' },
      },
    ),
  }),
  name: 'name',
  fullZoom: 14,
  below: 'cluster',
  densityBelow: 14,
  tile: ['name', 'category', 'scale', 'observed_at'],
  glyph: 'category',
  style: [{ label: { id: 'Usaha', en: 'Business' } }],
  visible: { default: { attributes: published }, agency_operator: register, agency_head: register },
  staleAfterMinutes: 525_600,
});
