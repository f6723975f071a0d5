import type { SheetHeight } from './ui.ts';

/** From low to high. */
export const heights: readonly SheetHeight[] = ['peek', 'half', 'full'];

/** Height of the sheet in CSS pixels when only its head shows. */
export const peekPixels = 96;

/** The height that a sheet let go at so many pixels comes to rest at, on a screen of so many. */
export function restingHeight(pixels: number, screen: number): SheetHeight {
  const rests = [peekPixels, screen / 2, screen];
  const distances = rests.map((rest) => Math.abs(rest - pixels));
  return heights[distances.indexOf(Math.min(...distances))] ?? 'peek';
}
