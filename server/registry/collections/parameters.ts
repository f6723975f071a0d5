import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { requestUrl } from '../../request_url.ts';
import { Problem } from '../problem.ts';

export type Format = 'json' | 'html';
export type Language = 'id' | 'en';

/** Parameters that every address takes besides its own. */
const everywhere = ['f', 'lang'];

/**
 * The query parameters of a request. Throws `bad_request` for one that the address does not know (Part 1, 7.15.8) and
 * for one that is given twice or is not UTF-8, which could only be misread.
 */
export function parametersOf(c: Context, own: readonly string[] = []): ReadonlyMap<string, string> {
  const known = [...own, ...everywhere];
  const found = new Map<string, string>();
  const { searchParams, search } = requestUrl(c);
  // What a URL puts for bytes that are no text, unless somebody means just that sign.
  const replaced = /%EF%BF%BD/i.test(search) ? undefined : '\uFFFD';
  for (const [name, value] of searchParams) {
    const shown = name.slice(0, 60).replace(/\p{C}/gu, '\uFFFD');
    if (!known.includes(name))
      throw new Problem('bad_request', `There is no parameter '${shown}' here; known: ${known.join(', ')}.`);
    if (found.has(name)) throw new Problem('bad_request', `The parameter '${shown}' is given twice.`);
    if (replaced && value.includes(replaced))
      throw new Problem('bad_request', `The escapes of the parameter '${shown}' are not UTF-8.`);
    found.set(name, value);
  }
  return found;
}

/** JSON or HTML: by `f`, else by the Accept header, else JSON. */
export function formatOf(c: Context, parameters: ReadonlyMap<string, string>): Format {
  const given = parameters.get('f');
  if (given === 'json' || given === 'html') return given;
  if (given !== undefined) throw new Problem('bad_request', "'f' can be json or html.");
  const supports = [
    'application/json',
    'application/geo+json',
    'application/vnd.oai.openapi+json',
    'application/schema+json',
    'text/html',
  ];
  return accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'text/html' ? 'html' : 'json';
}

/** Indonesian or English: by `lang`, else by the Accept-Language header, else Indonesian. */
export function languageOf(c: Context, parameters: ReadonlyMap<string, string>): Language {
  const given = parameters.get('lang');
  if (given === 'id' || given === 'en') return given;
  if (given !== undefined) throw new Problem('bad_request', "'lang' can be id or en.");
  const wanted = c.req.header('Accept-Language') ?? '';
  const ranges = wanted.split(',').map((range, i) => {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
    const quality = Number(
      parameters
        .find((each) => each.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    );
    return { language: tag.split('-')[0], quality, i };
  });
  const best = ranges
    .filter(({ language, quality }) => (language === 'id' || language === 'en') && quality > 0)
    .toSorted((a, b) => b.quality - a.quality || a.i - b.i)[0];
  return best?.language === 'en' ? 'en' : 'id';
}
