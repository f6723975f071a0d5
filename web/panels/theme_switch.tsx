import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { pageState } from '../page.ts';
import { themeIcon, themes } from './themes.ts';
import { usePage } from './use.ts';

/** Light, dark, or as the device says. */
export function ThemeSwitch() {
  const { t } = useTranslation();
  const chosen = usePage('theme');
  const Shown = themeIcon(chosen);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('top.theme')}>
          <ActionIcon aria-label={t('top.theme')}>
            <Shown size="1.125rem" aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={chosen}>
          {themes.map(({ theme, Icon }) => (
            <Menu.RadioItem
              key={theme}
              value={theme}
              closeMenuOnClick
              rightSection={<Icon size="1rem" aria-hidden="true" />}
              onChange={() => pageState.set({ theme })}
            >
              {t(`top.theme_${theme}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
