import { Popover } from '@mantine/core';
import type { ComponentProps, ReactNode } from 'react';

export interface PoppedProps {
  /** The button that tells more, and what it tells. */
  readonly button: ComponentProps<'button'>;
  readonly dropdown: ReactNode;
  readonly popover?: Omit<ComponentProps<typeof Popover>, 'children'>;
  readonly className?: string | undefined;
  readonly label?: string;
}

/** A button with more to say beside it. */
export function Popped({ button, dropdown, popover, className, label }: PoppedProps) {
  return (
    <Popover {...popover}>
      <Popover.Target>
        <button type="button" {...button} />
      </Popover.Target>
      <Popover.Dropdown {...(className !== undefined && { className })} {...(label && { 'aria-label': label })}>
        {dropdown}
      </Popover.Dropdown>
    </Popover>
  );
}
