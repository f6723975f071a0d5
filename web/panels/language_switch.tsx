import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { pageState } from '../page.ts';
import { useLanguage } from './use.ts';

/** Indonesian or English, for the whole page at once. */
export function LanguageSwitch() {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <SegmentedControl
      size="xs"
      value={language}
      onChange={(chosen) => pageState.set({ language: chosen })}
      aria-label={t('top.language')}
      data={[
        { value: 'id' as const, label: <abbr title="Bahasa Indonesia">ID</abbr> },
        { value: 'en' as const, label: <abbr title="English">EN</abbr> },
      ]}
    />
  );
}
