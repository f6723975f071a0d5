import { Button } from '@mantine/core';
import { type ComponentType, createElement, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { map } from '../page.ts';
import { type Store, store } from '../state.ts';
import styles from './notice.module.css';
import { useStore } from './use.ts';

type Rest = typeof import('../rest.ts');
type Part = Exclude<keyof Rest, 'mapTools' | 'beginImport'>;
type PropsOf<K extends Part> = Rest[K] extends (props: infer P extends object) => unknown ? P : object;

const againMs = 5000;
/** What comes after the first map, once it is here; whether it could not be had when it was asked for last. */
const arrived: Store<{ readonly rest: Rest | null; readonly failed: boolean }> = store<{
  readonly rest: Rest | null;
  readonly failed: boolean;
}>({ rest: null, failed: false });
let coming: Promise<Rest> | undefined;

/** Has all of it come; rejects when it cannot be had now. */
export function fetchRest(): Promise<Rest> {
  coming ??= import('../rest.ts').then(
    (rest) => {
      map.equip(rest.mapTools);
      arrived.set({ rest, failed: false });
      return rest;
    },
    (error: unknown) => {
      coming = undefined;
      arrived.set({ failed: true });
      throw error;
    },
  );
  return coming;
}

/** The same, however long it takes: from then on the page needs no server to open a panel. */
export function fetchLater(): void {
  fetchRest().catch(() => setTimeout(fetchLater, againMs));
}

/**
 * A part of the page that comes after the first map. What is in sight from the beginning has something that stands in its
 * place until then, and looks the same (`before`); anything else was asked for, and comes at once.
 */
export function later<K extends Part>(name: K, before?: ComponentType<PropsOf<K>> | null): ComponentType<PropsOf<K>> {
  return function Later(props) {
    const { rest, failed } = useStore(arrived, (value) => value);
    const isWaiting = rest === null && before === undefined;
    useEffect(() => {
      if (isWaiting) fetchRest().catch(() => {}); // `failed` tells
    }, [isWaiting]);
    if (rest) return createElement(rest[name] as ComponentType<PropsOf<K>>, props); // each takes its own
    if (before) return createElement(before, props);
    return isWaiting && failed ? <Missing /> : null;
  };
}

/** The server went, or has a new page, before the part was here. */
function Missing() {
  const { t } = useTranslation();
  const reload = async () => {
    // Without a server a new page would be no page.
    const { ok } = await fetch('/health/live').catch(() => ({ ok: false }));
    if (ok) location.reload();
  };
  return (
    <div className={styles.missing} role="alert">
      <span>{t('page.missing')}</span>
      <Button onClick={() => void reload()}>{t('page.reload')}</Button>
    </div>
  );
}
