import type { Bilingual, Choice } from './attribute.ts';
import type { StyleRule } from './style_rule.ts';

/** How the shapes of one choice are drawn; `label` where the legend needs other words than the choice. */
type Look = Pick<StyleRule, 'stroke' | 'fill'> & { readonly label?: Bilingual };

/**
 * One style rule for each choice of the state attribute, in the order of the looks: the legend of a layer of shapes. The
 * choice `unknown` comes last and draws what has no state too (a tile omits null).
 */
export function rulesByLook<K extends string, V extends string>(
  attribute: K,
  choices: Readonly<Record<V | 'unknown', Choice>>,
  { unknown, ...looks }: Readonly<Record<V | 'unknown', Look>>,
): StyleRule<K>[] {
  const rule = ({ id, en }: Choice, look: Look): StyleRule<K> => ({ label: { id, en }, ...look });
  return [
    ...Object.entries<Look>(looks).map(([value, look]) => ({
      ...rule(choices[value as V], look), // the looks are of the choices
      filter: ['==', ['get', attribute], value] as const,
    })),
    rule(choices.unknown, unknown),
  ];
}
