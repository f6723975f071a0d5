import { useEffect, useRef } from 'react';

/** The keyboard begins in the first field, and goes to the first that is wrong. */
export function useFormFocus() {
  const ref = useRef<HTMLFormElement>(null);
  const fieldOf = (wrong: boolean) =>
    ref.current?.querySelector<HTMLElement>(
      wrong ? '[aria-invalid="true"]' : 'input, select, textarea, button[type="submit"]',
    );
  useEffect(() => {
    ref.current?.scrollIntoView({ block: 'nearest' });
    ref.current?.querySelector<HTMLElement>('input, select, textarea, button[type="submit"]')?.focus();
  }, []);
  // After the page has marked it.
  return { ref, toFirstFault: () => setTimeout(() => fieldOf(true)?.focus()) };
}
