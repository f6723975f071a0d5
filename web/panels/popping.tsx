import { later } from './later.tsx';
import type { PoppedProps } from './popped.tsx';

/** A button with more to say beside it, and before that can come, the button. */
export const Popping = later('Popped', ({ button }: PoppedProps) => <button type="button" {...button} />);
