import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { openPanel } from '../panels/ui.ts';

/** Opens the panel in which a file is brought in; an import that was begun is found there as it was left. */
export function ImportButton() {
  const { t } = useTranslation();
  return (
    <Button leftSection={<IconFileImport size="1rem" aria-hidden="true" />} onClick={() => openPanel('import')}>
      {t('import.open')}
    </Button>
  );
}
