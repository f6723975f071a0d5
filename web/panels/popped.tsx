import { Popover } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react';

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
  const target = useRef<HTMLButtonElement>(null);
  // Wherever the focus is: Mantine hears Escape in the dropdown only. Nothing behind it may close with it.
  const keyed = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !opened) return;
    event.stopPropagation();
    setOpened(false);
  };
  useWindowEvent('keydown', keyed, true);
  // Pressed before this was here: the button that had the focus is gone with what stood in its place.
  useEffect(() => {
    if (popover?.defaultOpened) target.current?.focus();
  }, [popover?.defaultOpened]);
  return (
    <Popover {...popover} opened={opened} onChange={setOpened}>
      <Popover.Target>
        <button type="button" {...button} ref={target} onClick={() => setOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown {...(className !== undefined && { className })} {...(label && { 'aria-label': label })}>
        {dropdown}
      </Popover.Dropdown>
    </Popover>
  );
}
