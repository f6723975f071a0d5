import { useState } from 'react';
import { later } from './later.tsx';
import type { PoppedProps } from './popped.tsx';

const Popped = later('Popped', ({ button }: PoppedProps) => <button type="button" {...button} />);

/** A button with more to say beside it; pressed before that has come, it says it as soon as it has. */
export function Popping({ button, popover, ...rest }: PoppedProps) {
  const [pressed, setPressed] = useState(false);
  return (
    <Popped
      {...rest}
      button={{ ...button, onClick: () => setPressed(true) }}
      popover={{ ...popover, defaultOpened: pressed }}
    />
  );
}
