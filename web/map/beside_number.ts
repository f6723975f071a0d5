import type { CatalogueLayer } from '../../server/registry/catalogue.ts';

/** The value of the choice that an option of a number (`trend`, `quality`) names; undefined where none is named or known. */
export function choiceBeside(
  { attributes }: Pick<CatalogueLayer, 'attributes'>,
  number: string | undefined,
  option: 'trend' | 'quality',
  properties: Readonly<Record<string, unknown>>,
) {
  const attribute = attributes[number ?? ''];
  const key = attribute?.kind === 'number' || attribute?.kind === 'integer' ? attribute[option] : undefined;
  const choice = attributes[key ?? ''];
  return choice?.kind === 'choice' ? choice.choices[String(properties[key ?? ''])] : undefined;
}

/** The word for why a number is not to be trusted; undefined of one that nobody doubts. */
export function doubt(
  layer: Pick<CatalogueLayer, 'attributes'>,
  number: string | undefined,
  properties: Readonly<Record<string, unknown>>,
) {
  const quality = choiceBeside(layer, number, 'quality', properties);
  return quality?.severity === undefined || quality.severity === 'normal' ? undefined : quality;
}
