import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { doubt } from './beside_number.ts';
import { type CommandState, commandState } from './command_state.ts';
import { condition } from './expression.ts';
import type { TileProperties } from './feature_hit.ts';
import { freshness, staleAfter } from './freshness.ts';
import { heading } from './heading.ts';
import { isOverdue } from './overdue.ts';
import { signalHeads } from './signal_heads.ts';
import type { SymbolLook } from './symbol.ts';
import type { Mark } from './symbol_marks.ts';

const numberOf = (value: unknown) => (typeof value === 'number' ? value : null);

/**
 * How the things of a layer look, but for form and size: the first rule that holds, its glyph, the age of the
 * observation, what came of a command, whether its value is doubted or it is overdue. Undefined for what no rule draws.
 * `now` is in milliseconds since 1970.
 */
export function pointLook(
  layer: CatalogueLayer,
): (properties: TileProperties, now: number) => Omit<SymbolLook, 'form' | 'size'> | undefined {
  const rules = layer.style.map((rule) => ({ rule, holds: condition(rule.filter) }));
  const ages = layer.tile.includes('observed_at');
  const glyph = layer.attributes[layer.glyph ?? ''];
  const glyphs = glyph?.kind === 'choice' ? glyph.choices : undefined;
  return (properties, now) => {
    const rule = rules.find(({ holds }) => holds(properties))?.rule;
    if (!rule) return undefined;
    const limit = staleAfter(layer, properties);
    const age = ages ? freshness(numberOf(properties.observed_at), limit, now) : 'fresh';
    const came = commandState(layer.command, properties);
    return {
      icon: rule.icon ?? glyphs?.[String(properties[layer.glyph ?? ''])]?.icon ?? layer.icon,
      severity: rule.severity ?? 'normal',
      freshness: rule.silent ? 'silent' : age,
      // Where something was heading long ago it is no longer heading.
      heading: age === 'fresh' || age === 'ageing' ? heading(layer, properties) : undefined,
      asked: came === 'asked',
      mark: markOf(layer, came, properties, now),
      hollow: rule.hollow ?? false,
      heads: age === 'fresh' || age === 'ageing' ? signalHeads(layer.heads, properties) : undefined,
      left: minutesLeft(layer, properties, now),
    };
  };
}

/** Minutes until an exception ends, in steps of five and at most an hour; undefined where there is none. */
function minutesLeft({ ends }: CatalogueLayer, properties: TileProperties, now: number): number | undefined {
  const left = (Number(properties[ends ?? ''] ?? 0) * 1000 - now) / 60_000;
  return left > 0 ? Math.min(60, Math.ceil(left / 5) * 5) : undefined;
}

/** The one mark that a symbol has room for: what a device does wrong before what it says, and that before what people owe. */
function markOf(layer: CatalogueLayer, came: CommandState, properties: TileProperties, now: number): Mark | undefined {
  if (came === 'differs') return 'fault';
  if (doubt(layer, layer.valueLabel, properties)) return 'doubt';
  return isOverdue(layer.due, properties, now) ? 'overdue' : undefined;
}
