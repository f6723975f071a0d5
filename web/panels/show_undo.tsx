import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp } from '@tabler/icons-react';
import i18next from 'i18next';
import styles from './notice.module.css';

const shownMs = 10_000;

/** Says what was done and, for 10 s, offers to take it back where that can be; `id` tells such notices apart. */
export function showUndo(id: string, text: string, undo: (() => void) | null): void {
  notifications.show({
    id,
    color: 'accent',
    autoClose: shownMs,
    closeButtonProps: { 'aria-label': i18next.t('page.close') },
    message: (
      <div className={styles.done} role="status">
        <span>{text}</span>
        {undo && (
          <Button
            leftSection={<IconArrowBackUp size="1rem" aria-hidden="true" />}
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {i18next.t('act.undo')}
          </Button>
        )}
      </div>
    ),
  });
}
