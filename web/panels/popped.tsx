import { Popover } from '@mantine/core';
import { type ComponentProps, type KeyboardEvent, type ReactNode, useState } from 'react';

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
  const [opened, setOpened] = useState(popover?.defaultOpened ?? false);
  // The focus stays on the button, where Mantine hears no Escape.
  const keyed = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !opened) return;
    event.stopPropagation();
    setOpened(false);
  };
  return (
    <Popover {...popover} opened={opened} onChange={setOpened}>
      <Popover.Target>
        <button type="button" {...button} onClick={() => setOpened(!opened)} onKeyDown={keyed} />
      </Popover.Target>
      <Popover.Dropdown {...(className !== undefined && { className })} {...(label && { 'aria-label': label })}>
        {dropdown}
      </Popover.Dropdown>
    </Popover>
  );
}
