import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { EventProperties, FeatureEvent } from './event.ts';

type Value = string | number | boolean;

/** What happened to a feature, as far as anybody wants to read it. */
export type Told =
  | { readonly kind: 'inserted' }
  | { readonly kind: 'deleted' }
  /** An attribute got another value; null is none. */
  | { readonly kind: 'changed'; readonly attribute: string; readonly from: Value | null; readonly to: Value | null };

/**
 * What a change is in words, by what was known before: a new state, else a new value of the layer's label, else
 * another attribute. Null where nobody would call it news: what went out of the part that is listened to, an observation that
 * says the same again, the way of a thing that moves, the turns of a signal, and a change of something that was not known.
 */
export function describeChange(
  layer: CatalogueLayer,
  { op, properties }: Pick<FeatureEvent, 'op' | 'properties'>,
  before: EventProperties | undefined,
): Told | null {
  if (op === 'insert') return { kind: 'inserted' };
  if (op === 'delete') return { kind: 'deleted' };
  if (!before || !properties) return null;
  const { state, valueLabel, moving, heads } = layer;
  const others = layer.tile.filter((key) => {
    const kind = layer.attributes[key]?.kind;
    if (kind === undefined || kind === 'instant') return false; // common columns, and when it was observed
    return key !== heads?.attribute && !(moving && (kind === 'number' || kind === 'integer'));
  });
  for (const attribute of [state, valueLabel, ...others]) {
    if (attribute === undefined) continue;
    const [from, to] = [before[attribute] ?? null, properties[attribute] ?? null];
    if (from !== to) return { kind: 'changed', attribute, from, to };
  }
  return null;
}
