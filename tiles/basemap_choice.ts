import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Config } from '../server/config.ts';
import type { Basemap } from '../server/registry/catalogue.ts';
import { type Archive, type ArchiveFault, checkArchive, checkHeader } from './archive_check.ts';

/** The operator's own archive. */
const localArchive = fileURLToPath(new URL('./basemap.pmtiles', import.meta.url));

const builtin: Basemap = {
  id: 'builtin',
  title: { id: 'Peta dasar bawaan', en: 'Built-in map' },
  kind: 'pmtiles-vector',
  url: '/basemap/builtin.pmtiles',
  attribution: 'Natural Earth, GeoNames (CC BY 4.0)',
};
const none: Basemap = {
  id: 'none',
  title: { id: 'Tanpa latar', en: 'No background' },
  kind: 'none',
  url: '',
  attribution: '',
};

/** Found once a configuration: the operator's choice does not change while the server runs. */
const found = new WeakMap<Config, Basemap[]>();

/**
 * The backgrounds a page may choose, the first is the default: `BASEMAP_URL`, `tiles/basemap.pmtiles`, the built-in one,
 * none. An operator's that cannot be drawn is left out.
 */
export function basemaps(config: Config): Basemap[] {
  return found.get(config) ?? listed(config, () => {});
}

/**
 * Looks at the operator's backgrounds once, at the start, and warns of each that cannot be drawn. Waits at most five
 * seconds for another host; meanwhile, and when it stays silent, its archive counts as vector tiles.
 */
export async function inspectBasemaps(config: Config, log: Logger): Promise<void> {
  const list = listed(config, (warning) => log.warn(warning));
  found.set(config, list);
  const remote = list.find(({ id, kind, url }) => id === 'configured' && kind.startsWith('pmtiles') && isWeb(url));
  if (!remote) return;
  const checked = await checkRemote(remote.url);
  if ('kind' in checked)
    found.set(
      config,
      list.map((each) => (each === remote ? { ...each, kind: checked.kind } : each)),
    );
  else {
    log.warn(`The basemap ${remote.url} ${checked.fault}${checked.reached ? '; it is left out' : ''}.`);
    if (checked.reached)
      found.set(
        config,
        list.filter((each) => each !== remote),
      );
  }
}

/** The file behind an operator's `/basemap/{id}.pmtiles`, undefined when there is none. */
export function archivePath(config: Config, id: string): string | undefined {
  if (!basemaps(config).some((basemap) => basemap.id === id && basemap.url === `/basemap/${id}.pmtiles`))
    return undefined;
  return id === 'configured' ? config.BASEMAP_URL : localArchive;
}

function listed(config: Config, warn: (warning: string) => void): Basemap[] {
  const list: Basemap[] = [];
  const add = (basemap: Basemap | ArchiveFault, of: string) => {
    if ('fault' in basemap) warn(`The basemap ${of} ${basemap.fault}; it is left out.`);
    else list.push(basemap);
  };
  if (config.BASEMAP_URL) add(configured(config.BASEMAP_URL, config.BASEMAP_ATTRIBUTION), config.BASEMAP_URL);
  const own = checkArchive(localArchive);
  const absent = 'fault' in own && own.code === 'ENOENT';
  if (!absent)
    add(file('local', own, config.BASEMAP_URL ? undefined : config.BASEMAP_ATTRIBUTION), 'tiles/basemap.pmtiles');
  return [...list, builtin, none];
}

function configured(url: string, given: string | undefined): Basemap | ArchiveFault {
  if (!isWeb(url)) return file('configured', checkArchive(url), given);
  if (!URL.canParse(url)) return { fault: 'is not an address' };
  const { hostname } = new URL(url);
  if (/[{}]|%7[bd]/i.test(hostname)) return { fault: 'has a placeholder in its host: name one host' };
  const osm = /(^|\.)openstreetmap\.org$/.test(hostname);
  const attribution = given ?? (osm ? '© OpenStreetMap contributors' : '');
  const title = osm ? { id: 'OpenStreetMap', en: 'OpenStreetMap' } : { id: 'Peta daring', en: 'Online map' };
  const archive = { id: 'configured', title, kind: 'pmtiles-vector', url, attribution } as const;
  if (!/[{}]/.test(url)) return archive;
  const complete = url.includes('{z}') && url.includes('{x}') && /\{-?y\}/.test(url);
  return complete ? { ...archive, kind: 'xyz' } : { fault: 'is no template: it needs {z}, {x} and {y}' };
}

/** An archive on this machine, served under `/basemap`; it says itself whose map it is. */
function file(
  id: 'configured' | 'local',
  archive: Archive | ArchiveFault,
  given: string | undefined,
): Basemap | ArchiveFault {
  if ('fault' in archive) return archive;
  const { kind, metadata } = archive;
  const own = typeof metadata.attribution === 'string' ? metadata.attribution.replace(/<[^>]*>/g, '').trim() : '';
  const title = { id: 'Peta setempat', en: 'Local map' };
  return { id, title, kind, url: `/basemap/${id}.pmtiles`, attribution: given ?? own };
}

function isWeb(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

/** Reads the header of an archive on another host. `reached`: it answered, and what it answered will not do. */
async function checkRemote(
  url: string,
): Promise<Pick<Archive, 'kind'> | (ArchiveFault & { readonly reached: boolean })> {
  try {
    const answer = await fetch(url, { headers: { Range: 'bytes=0-126' }, signal: AbortSignal.timeout(5_000) });
    if (answer.status !== 206) {
      await answer.body?.cancel();
      const fault = answer.ok ? 'is served without byte ranges' : `answers with ${answer.status}`;
      return { fault, reached: true };
    }
    const checked = checkHeader(new Uint8Array(await answer.arrayBuffer()));
    return 'fault' in checked ? { ...checked, reached: true } : { kind: checked.kind };
  } catch (error) {
    return { fault: `cannot be reached from here (${error instanceof Error ? error.message : error})`, reached: false };
  }
}
