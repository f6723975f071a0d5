import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { replay } from '../page.ts';
import { useStore } from '../panels/use.ts';

/** Opens the slider of the last hours, and leaves it again. */
export function ReplayButton() {
  const { t } = useTranslation();
  const open = useStore(replay.state, (value) => value.open);
  return (
    <Button
      leftSection={<IconHistory size="1rem" aria-hidden="true" />}
      aria-pressed={open}
      onClick={() => replay.toggle()}
    >
      {t(open ? 'replay.live' : 'replay.open')}
    </Button>
  );
}
