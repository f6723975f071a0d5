import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { useEffect } from 'react';
import { useCatalogue } from '../api/catalogue.ts';
import { map, pageState, replay } from '../page.ts';
import { openViewAt } from '../views/page_views.ts';
import { showLayer } from './actions.ts';
import { flyTo } from './fly_to.ts';
import { fetchRest } from './later.tsx';
import { useGoLetters } from './layer_letters.tsx';
import { startMeasuring, stopMeasuring } from './measuring.ts';
import { openPanel, searchFieldId, ui } from './ui.ts';

const editable =
  'input:not([type=range]):not([type=radio]), textarea, select, [contenteditable], [role=dialog], [role=menu]';

/** Ends the topmost thing: a pending `G`, a measurement, following, the selection, the list of a spot, the legend. Dialogs and menus close themselves. */
function back(): void {
  if (ui.get().going) ui.set({ going: false });
  else if (stopMeasuring()) return;
  else if (map.follow.following.get().layer !== null) map.follow.stop();
  else if (pageState.get().selected) pageState.set({ selected: null });
  else if (map.spot.get().spot) map.spot.set({ spot: null });
  else if (ui.get().legendOpen) ui.set({ legendOpen: false });
  else if (replay.state.get().open) replay.close();
}

function openKept(digit: number): void {
  if (openViewAt(digit)) return;
  notifications.show({ id: 'no-view', message: i18next.t('views.none_at', { digit }), color: 'accent' });
}

const nextFrame = () => new Promise(requestAnimationFrame);

async function focusSearch(): Promise<void> {
  await fetchRest();
  await nextFrame();
  const field = document.getElementById(searchFieldId);
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}

function focusLayer(id: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-layer="${id}"]`)?.focus());
}

const acts: Readonly<Record<string, () => void>> = {
  '/': () => void focusSearch(),
  '?': () => ui.set({ dialog: 'keys' }),
  l: () => openPanel('layers', { layersTab: 'layers' }),
  b: () => ui.set(({ panelOpen }) => ({ panelOpen: !panelOpen })),
  k: () => openPanel('feed'),
  s: () => openPanel('sources'),
  f: () => void map.follow.toggle(),
  t: () => replay.toggle(),
  m: () => void startMeasuring('length'),
  g: () => ui.set({ going: true }),
};

/** What the selected feature offers under a key now (`key` of an action). */
function actOfSelected(key: string): (() => void) | undefined {
  if (!/^[a-z]$/i.test(key)) return undefined;
  const button = document.querySelector<HTMLElement>(`[data-action][aria-keyshortcuts="${key.toUpperCase()}"]`);
  return button ? () => button.click() : undefined;
}

/** The keys of the page, while no field, dialog or menu has the focus. */
export function useKeys(): void {
  const letters = useGoLetters();
  const layers = useCatalogue().data?.layers;
  useEffect(() => {
    const go = (letter: string) => {
      ui.set({ going: false });
      const layer = layers?.find(({ id }) => id === letters.get(letter));
      if (!layer) return;
      showLayer(pageState, layer.id);
      openPanel('layers', { layersTab: 'layers', unfolded: layer.id });
      if (layer.bbox) flyTo(layer.bbox);
      focusLayer(layer.id);
    };
    const pressed = (event: KeyboardEvent) => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
      if (target instanceof Element && target.closest(editable)) return;
      if (key === 'Escape') return back();
      if (ui.get().going && /^[a-z]$/i.test(key)) {
        event.preventDefault();
        return go(key.toLowerCase());
      }
      if (/^[1-9]$/.test(key)) return openKept(Number(key));
      const act = acts[key.toLowerCase()] ?? actOfSelected(key);
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [letters, layers]);
}
