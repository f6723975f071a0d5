import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './accounts.module.css';
import questionStyles from './question.module.css';

interface QuestionProps {
  readonly text: string;
  /** What is done, as the button says it. */
  readonly yes: string;
  readonly busy: boolean;
  readonly onYes: () => void;
  readonly close: () => void;
}

/** Asks before what cannot be taken back; the focus is on the way back, and returns where it was, or into the dialog where that is gone. */
export function Question({ text, yes, busy, onYes, close }: QuestionProps) {
  const { t } = useTranslation();
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else document.querySelector<HTMLElement>('[role=dialog]')?.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be framed
    <div className={`${questionStyles.question} ${styles.wide}`} role="group" aria-label={text}>
      <p>{text}</p>
      <div className={styles.acts}>
        <Button ref={focus} onClick={close}>
          {t('page.back')}
        </Button>
        <Button variant="filled" loading={busy} onClick={onYes}>
          {yes}
        </Button>
      </div>
    </div>
  );
}

/** Once, when it appears: after the menu that it was chosen in has given the focus back. */
function focus(button: HTMLButtonElement | null): void {
  if (button) setTimeout(() => button.focus());
}
