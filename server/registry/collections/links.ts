import type { Format, Language } from './parameters.ts';

/** A link of an OGC API document (RFC 8288). */
export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type: string;
  readonly title?: string;
  readonly hreflang?: string;
}

export const mediaTypes = {
  json: 'application/json',
  geojson: 'application/geo+json',
  patch: 'application/merge-patch+json',
  html: 'text/html',
  schema: 'application/schema+json',
  openapi: 'application/vnd.oai.openapi+json;version=3.0',
} as const;

/** Where a request is: addresses of links are absolute, because a file that was saved has no base. */
export interface Place {
  /** Of the API: `http://localhost:8080/ogc`. */
  readonly root: string;
  /** The address asked for, with its parameters. */
  readonly url: URL;
  readonly format: Format;
  readonly language: Language;
}

/** An address under the API with parameters. */
export function address({ root }: Place, path: string, parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(parameters).toString();
  return `${root}${path}${query && `?${query}`}`;
}

/** The address asked for with some parameters replaced; null takes one away. */
export function sameAddress({ url }: Place, changes: Readonly<Record<string, string | null>>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.searchParams.delete(name);
    else changed.searchParams.set(name, value);
  }
  return changed.href;
}

/** `self` and `alternate` of a document that exists as JSON of some media type and as HTML. */
export function selfLinks(place: Place, jsonType: string): Link[] {
  const link = (format: Format): Link => ({
    href: sameAddress(place, { f: format }),
    rel: place.format === format ? 'self' : 'alternate',
    type: format === 'html' ? mediaTypes.html : jsonType,
    title: format === 'html' ? 'HTML' : 'JSON',
  });
  return [link('json'), link('html')];
}
