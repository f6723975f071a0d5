import { IconDotsVertical, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './bar_parts.module.css';
import { later } from './later.tsx';
import { themeIcon } from './themes.ts';
import { usePage } from './use.ts';

/** The search field, the switches and menus of the bar: in their places from the beginning, in use after the first map. */
export const Search = later('Search', SearchPlace);
export const ThemeSwitch = later('ThemeSwitch', ThemePlace);
export const PageMenu = later('PageMenu', MenuPlace);
export const AccountMenu = later('AccountMenu', null);

function SearchPlace() {
  const { t } = useTranslation();
  return (
    <div className={styles.field} aria-hidden="true">
      <IconSearch size="1rem" />
      <span>{t('top.search')}</span>
    </div>
  );
}

function ThemePlace() {
  const Icon = themeIcon(usePage('theme'));
  return (
    <span className={styles.icon} aria-hidden="true">
      <Icon size="1.125rem" />
    </span>
  );
}

function MenuPlace() {
  return (
    <span className={styles.icon} aria-hidden="true">
      <IconDotsVertical size="1.125rem" />
    </span>
  );
}
