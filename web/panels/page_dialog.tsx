import { Modal } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ui } from './ui.ts';
import { useLayout, useStore } from './use.ts';

interface PageDialogProps {
  readonly title: string;
  /** A width, for what needs more room than a few lines: then it fills a phone. */
  readonly size?: string;
  readonly children: React.ReactNode;
}

/** One of the page's dialogs while it is open. */
export function PageDialog({ title, size, children }: PageDialogProps) {
  const { t } = useTranslation();
  const phone = useLayout() === 'phone';
  const aside = useStore(ui, ({ dialogAside }) => dialogAside);
  // Closed it is gone at once, before the library could give the focus back.
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <Modal
      opened
      onClose={() => ui.set({ dialog: null })}
      title={title}
      {...(size !== undefined && { size, fullScreen: phone })}
      // Hidden, not closed: the library stops the effects of what is closed, and the pen is one.
      {...(aside && { style: { display: 'none' }, trapFocus: false, lockScroll: false, closeOnEscape: false })}
      closeButtonProps={{ 'aria-label': t('page.close') }}
    >
      {children}
    </Modal>
  );
}
