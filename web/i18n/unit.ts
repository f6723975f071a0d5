import type { Language } from './language.ts';

/** What a UCUM code is called in a sentence; a code that is not here is shown as it is, an annotation without braces. */
const words: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  '1': { id: '', en: '' },
  m2: { id: 'm²', en: 'm²' },
  km2: { id: 'km²', en: 'km²' },
  'm3/s': { id: 'm³/dtk', en: 'm³/s' },
  'km/h': { id: 'km/jam', en: 'km/h' },
  'cm/h': { id: 'cm/jam', en: 'cm/h' },
  Cel: { id: '°C', en: '°C' },
  deg: { id: '°', en: '°' },
  s: { id: 'dtk', en: 's' },
  min: { id: 'mnt', en: 'min' },
  h: { id: 'jam', en: 'h' },
  d: { id: 'hari', en: 'days' },
  mo: { id: 'bulan', en: 'months' },
  a: { id: 'tahun', en: 'years' },
  '{IDR}': { id: 'rupiah', en: 'rupiah' },
  '{IDR}/a': { id: 'rupiah/tahun', en: 'rupiah a year' },
  '{complaint}': { id: 'aduan', en: 'complaints' },
  '{preset}': { id: 'preset', en: 'presets' },
  '{toilet}': { id: 'toilet', en: 'toilets' },
  '{village}': { id: 'desa/kelurahan', en: 'villages' },
  '{bed}': { id: 'tempat tidur', en: 'beds' },
  '{person}': { id: 'orang', en: 'people' },
  '{vote}': { id: 'dukungan', en: 'votes' },
  '{worker}': { id: 'pekerja', en: 'workers' },
  '{day}': { id: 'hari', en: 'days' },
  '{lamp}': { id: 'lampu', en: 'lamps' },
};

/** The unit of a quantity as people write it, from its UCUM code; empty when there is none. */
export function unitText(code: string | undefined, language: Language): string {
  if (code === undefined) return '';
  return words[code]?.[language] ?? code.replace(/^\{(.*)\}$/, '$1');
}
