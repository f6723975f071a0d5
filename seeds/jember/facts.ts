import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Position } from 'geojson';

/** A kecamatan: Kemendagri code, representative point, area in km². */
export interface District {
  readonly code: string;
  readonly name: string;
  readonly point: Position;
  readonly areaKm2: number;
}

/** A desa or kelurahan; `district` is the code of its kecamatan. */
export interface Village extends District {
  readonly kind: 'desa' | 'kelurahan';
  readonly district: string;
}

/** `point` is null where no citable position exists. */
export interface Hospital {
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly class: string;
  readonly owner: string;
  readonly beds: number;
  readonly point: Position | null;
}

export interface Place {
  readonly name: string;
  readonly kind: string;
  readonly village: string;
  readonly district: string;
  readonly point: Position | null;
}

type Row = Readonly<Record<string, string>>;

const read = (file: string): Row[] => parse(readFileSync(new URL(`facts/${file}`, import.meta.url)), { columns: true });
/** An empty field is unknown, never 0. */
const point = ({ lon, lat }: Row): Position | null => (lon && lat ? [Number(lon), Number(lat)] : null);
const area = (row: Row) => ({
  code: row.kode ?? '',
  name: row.name ?? '',
  point: point(row) ?? [Number.NaN, Number.NaN],
  areaKm2: Number(row.area_km2),
});

/** The 31 districts in the order of their codes. */
export const districts = (): District[] => read('jember_kecamatan.csv').map(area);

/** The 248 villages in the order of their codes. */
export const villages = (): Village[] =>
  read('jember_desa.csv').map((row) => ({
    ...area(row),
    kind: row.kind === 'kelurahan' ? 'kelurahan' : 'desa',
    district: row.kecamatan ?? '',
  }));

/** The 13 hospitals of the Ministry's list of 2021. */
export const hospitals = (): Hospital[] =>
  read('jember_hospitals.csv').map((row) => ({
    code: row.kode_rs ?? '',
    name: row.name ?? '',
    type: row.type ?? '',
    class: row.class ?? '',
    owner: row.owner ?? '',
    beds: Number(row.beds_2021),
    point: point(row),
  }));

/** Named places: seats of districts, islands, landmarks. */
export const places = (): Place[] =>
  read('places.csv').map((row) => ({
    name: row.name ?? '',
    kind: row.kind ?? '',
    village: row.kode_desa ?? '',
    district: row.kecamatan ?? '',
    point: point(row),
  }));
