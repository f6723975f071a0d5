import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { map } from '../page.ts';
import { useStore } from './use.ts';

/** Says that the map follows what is selected, and ends it. */
export function FollowingChip() {
  const { t } = useTranslation();
  const following = useStore(map.follow.following, ({ layer }) => layer !== null);
  if (!following) return null;
  return (
    <Button
      variant="filled"
      size="compact-sm"
      rightSection={<IconX size="0.875rem" aria-hidden="true" />}
      aria-label={t('follow.stop')}
      onClick={() => map.follow.stop()}
    >
      {t('follow.on')}
    </Button>
  );
}
