import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { ageText } from '../i18n/age.ts';
import { numberText } from '../i18n/format.ts';
import type { Language } from '../i18n/language.ts';
import { condition } from './expression.ts';
import type { FeatureHit } from './feature_hit.ts';
import { pointLook } from './point_look.ts';
import { worstFirst } from './severity.ts';
import { word } from './words.ts';

/** A title inside a sentence: small at its beginning, but "UMKM" stays what it is. */
const inSentence = (title: string) => (/^\p{Lu}\p{Ll}/u.test(title) ? title[0]?.toLowerCase() + title.slice(1) : title);

/**
 * A feature or cluster in two short lines: its name and what it is, in which state, with what its marks mean; a cluster by
 * its shares and the age of what goes stale first in it. `now` is in milliseconds since 1970.
 */
export function describeHit(
  hit: FeatureHit,
  layer: CatalogueLayer,
  language: Language,
  now: number,
): readonly [title: string, detail: string] {
  const kind = layer.title[language];
  if (!hit.cluster) {
    const rule = layer.style.find(({ filter }) => condition(filter)(hit.properties));
    const { asked, mark } = pointLook(layer)(hit.properties, now) ?? {};
    const detail = [
      kind,
      rule && layer.style.length > 1 ? rule.label[language] : '',
      asked ? word('asked', language) : '',
      mark ? word(mark, language) : '',
    ];
    return [hit.name || kind, detail.filter((part) => part !== '').join(' · ')];
  }
  const { count, bySeverity, stalest } = hit.cluster;
  const shares = worstFirst.flatMap((severity) => {
    const inside = bySeverity[severity];
    return inside === undefined || severity === 'normal'
      ? []
      : `${numberText(inside, language)} ${word(severity, language)}`;
  });
  if (stalest?.observed === 0) shares.push(word('neverObserved', language));
  else if (stalest) shares.push(`${word('oldest', language)} ${ageText(now / 1000 - stalest.observed, language)}`);
  return [`${numberText(count, language)} ${inSentence(kind)}`, shares.join(' · ')];
}
