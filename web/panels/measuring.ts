import type { MeasureKind, Measurement } from '../map/measure.ts';
import { map } from '../page.ts';
import { type Store, store } from '../state.ts';
import { fetchRest } from './later.tsx';
import { ui } from './ui.ts';

/** The measurement, running or finished, that is on the map. */
export const measuring: Store<{ readonly of: Store<Measurement> | null }> = store<{
  readonly of: Store<Measurement> | null;
}>({ of: null });

/** Whether it was given up, by the map's own Escape. */
export function isEnded({ done, value }: Measurement): boolean {
  return done && value === 0;
}

/** Starts measuring anew; a phone's sheet makes room for it. */
export async function startMeasuring(kind: MeasureKind): Promise<void> {
  await fetchRest();
  measuring.set({ of: map.tools().ruler.start(kind) });
  ui.set({ sheet: 'peek' });
}

/** Takes the measurement away; false when there was none. */
export function stopMeasuring(): boolean {
  const { of } = measuring.get();
  if (!of) return false;
  const isGone = isEnded(of.get());
  map.tools().ruler.stop();
  measuring.set({ of: null });
  return !isGone;
}
