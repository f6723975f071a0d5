import { random } from './random.ts';

/** Shares of the things that nobody hears of any more. */
const silentShares = {
  camera: 0.02,
  panic_button: 0.05,
  river_gauge: 0.04,
  siren: 0.05,
  streetlight: 0.03,
  traffic_light: 0.03,
  unit: 0.05,
} as const;

/** A number in [0, 1) that belongs to a thing for ever; `of` is what it says about it. */
export function fate(code: string, of: string): number {
  return random(`${of} ${code}`).next();
}

/**
 * Whether a thing of the demo regency is broken for good. The seed and the simulator both ask here, so that what the seed
 * shows as silent does not come back by itself.
 */
export function isSilent(layer: keyof typeof silentShares, code: string): boolean {
  return fate(code, `${layer} dead`) < silentShares[layer];
}
