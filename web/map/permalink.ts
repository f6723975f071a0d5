import type { PageState, Store } from '../state.ts';
import { type Area, mostCorners } from './area.ts';

const name = /^[a-z][a-z0-9_]{0,62}$/;
const mostItems = 60;
const ours = new Set(['at', 'layers', 'where', 'in', 'sel', 't', 'base', 'lang']);

/** Behind a layer's opacity: nothing is written beside its symbols. */
const bare = 'bare';

const atom = (value: string) => encodeURIComponent(value);
const list = (text: string, separator: string) => (text === '' ? [] : text.split(separator).slice(0, mostItems));

/** A part of the address as it was written, empty when its escapes are broken. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/**
 * The query of the address that shows this picture, with the `?`:
 * `?at=lon,lat,zoom&layers=a,b:0.5&where=layer.attribute:value|value;…&in=lon,lat|lon,lat|…&sel=layer/id&t=2026-11-21T12:40:05Z&base=…&lang=…`.
 * The theme is the viewer's own and not in it.
 */
export function permalink(state: PageState): string {
  const { center, zoom, layers, filters, area, selected, replay, basemap, language } = state;
  const where = Object.entries(filters).flatMap(([layer, chosen]) =>
    Object.entries(chosen)
      .filter(([, values]) => values.length > 0)
      .map(([attribute, values]) => `${layer}.${attribute}:${values.map(atom).join('|')}`),
  );
  const parts: [string, string][] = [
    ['at', [round(center[0], 5), round(center[1], 5), round(zoom, 2)].join(',')],
    [
      'layers',
      Object.entries(layers)
        .map(([id, { opacity, unlabelled }]) =>
          [id, ...(opacity < 1 || unlabelled ? [round(opacity, 2)] : []), ...(unlabelled ? [bare] : [])].join(':'),
        )
        .join(','),
    ],
    ...(where.length > 0 ? ([['where', where.join(';')]] satisfies [string, string][]) : []),
    ...(area ? ([['in', area.map((corner) => corner.join(',')).join('|')]] satisfies [string, string][]) : []),
    ...(selected ? ([['sel', `${selected.layer}/${selected.id}`]] satisfies [string, string][]) : []),
    ...(replay ? ([['t', `${new Date(replay).toISOString().slice(0, 19)}Z`]] satisfies [string, string][]) : []),
    ...(basemap ? ([['base', basemap]] satisfies [string, string][]) : []),
    ['lang', language],
  ];
  // Separators stay readable; values were escaped once already, so a messenger that escapes again does no harm.
  const readable = (text: string) => encodeURIComponent(text).replaceAll(/%(2C|3A|3B|7C|2F)/g, (code) => plain(code));
  return `?${parts.map(([key, value]) => `${key}=${readable(value)}`).join('&')}`;
}

function place(text: string | undefined): Pick<PageState, 'center' | 'zoom'> | null {
  const [lon, lat, zoom, ...rest] = (text ?? '')
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (lon === undefined || lat === undefined || zoom === undefined || rest.length > 0) return null;
  const fits = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 24; // false for NaN
  return fits ? { center: [lon, lat], zoom } : null;
}

function layersOf(text: string): PageState['layers'] {
  return Object.fromEntries(
    list(text, ',').flatMap((part) => {
      const [id = '', opacity = '1', labels] = part.split(':');
      const value = Number(opacity);
      const shown = { opacity: value >= 0 && value <= 1 ? value : 1, ...(labels === bare && { unlabelled: true }) };
      return name.test(id) ? [[id, shown]] : [];
    }),
  );
}

function filtersOf(text: string): PageState['filters'] {
  const filters: Record<string, Record<string, string[]>> = {};
  for (const part of list(text, ';')) {
    const colon = part.indexOf(':');
    const [layer = '', attribute = '', ...rest] = part.slice(0, Math.max(0, colon)).split('.');
    const values = list(part.slice(colon + 1), '|')
      .map(plain)
      .filter((value) => value !== '');
    if (!name.test(layer) || !name.test(attribute) || rest.length > 0 || values.length === 0) continue;
    filters[layer] = { ...filters[layer], [attribute]: values };
  }
  return filters;
}

/** The corners of an area; null when one of them is no place, or they are too few or too many. */
function areaIn(text: string): Area | null {
  const corners = text.split('|').map((part) => part.split(',').map((degrees) => Number(degrees || Number.NaN)));
  const isPlace = (corner: readonly number[]): corner is [number, number] =>
    corner.length === 2 && Math.abs(corner[0]!) <= 180 && Math.abs(corner[1]!) <= 85; // false for NaN
  return corners.length >= 3 && corners.length <= mostCorners && corners.every(isPlace) ? corners : null;
}

function selectedOf(text: string): PageState['selected'] {
  const [layer = '', id = '', ...rest] = text.split('/');
  const row = /^\d{1,15}$/.test(id) ? Number(id) : Number.NaN;
  return name.test(layer) && Number.isSafeInteger(row) && rest.length === 0 ? { layer, id: row } : null;
}

/** A moment to the second, in UTC. */
function momentOf(text: string): number | null {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return time > 0 ? time : null;
}

/** What an address says of the picture; whatever it does not say, or says wrongly, is absent. Never throws. */
export function readPermalink(query: string): Partial<PageState> {
  const given = new Map(
    query
      .replace(/^\?/, '')
      .split('&')
      .map((pair): [string, string] => {
        const equals = pair.indexOf('=');
        return equals < 0 ? [pair, ''] : [pair.slice(0, equals), plain(pair.slice(equals + 1))];
      }),
  );
  const layers = given.get('layers');
  const where = given.get('where');
  const area = areaIn(given.get('in') ?? '');
  const selected = selectedOf(given.get('sel') ?? '');
  const replay = momentOf(given.get('t') ?? '');
  const base = given.get('base');
  const language = given.get('lang');
  return {
    ...place(given.get('at')),
    ...(layers !== undefined && { layers: layersOf(layers) }),
    ...(where !== undefined && { filters: filtersOf(where) }),
    ...(area && { area }),
    ...(selected && { selected }),
    ...(replay !== null && { replay }),
    ...(base && /^[\w.-]{1,60}$/.test(base) && { basemap: base }),
    ...((language === 'id' || language === 'en') && { language }),
  };
}

/** Keeps the address the mirror of the state, without filling the browser's history. Returns how to stop. */
export function keepPermalink(state: Store<PageState>, delayMs = 250): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    // What others put into the address (`?wall`) stays in it.
    const others = location.search
      .replace(/^\?/, '')
      .split('&')
      .filter((pair) => pair !== '' && !ours.has(pair.replace(/=.*/, '')));
    const query = [permalink(state.get()), ...others].join('&');
    if (query !== location.search)
      history.replaceState(history.state, '', `${location.pathname}${query}${location.hash}`);
  };
  const stop = state.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(write, delayMs);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
