import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';

/** Light, dark, or as the device says. */
export const themes = [
  { theme: 'light', Icon: IconSun },
  { theme: 'dark', Icon: IconMoon },
  { theme: 'auto', Icon: IconDeviceDesktop },
] as const;

/** The sign of a theme. */
export function themeIcon(chosen: (typeof themes)[number]['theme']) {
  return themes.find(({ theme }) => theme === chosen)?.Icon ?? IconDeviceDesktop;
}
