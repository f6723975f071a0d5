import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageMenu, ThemeSwitch } from './bar_parts.tsx';
import { LanguageSwitch } from './language_switch.tsx';
import { later } from './later.tsx';
import { PanelBody } from './panel.tsx';
import { panels } from './rail.tsx';
import styles from './sheet.module.css';
import { heights, peekPixels, restingHeight } from './sheet_height.ts';
import { Name } from './top_bar.tsx';
import { openPanel, ui } from './ui.ts';
import { usePage, useStore } from './use.ts';

const Inspector = later('Inspector');

/** The phone's one panel: it comes up from below in three heights, by thumb or by key. */
export function Sheet() {
  const { t } = useTranslation();
  const height = useStore(ui, (value) => value.sheet);
  const panel = useStore(ui, (value) => value.panel);
  const selected = usePage('selected');
  const { dragged, handlers } = useDrag();
  const step = (by: number) => {
    const next = heights[Math.max(0, Math.min(2, heights.indexOf(height) + by))];
    if (next) ui.set({ sheet: next });
  };
  return (
    <section
      className={styles.sheet}
      data-cover="bottom"
      data-height={height}
      data-dragged={dragged !== null}
      style={dragged === null ? undefined : { height: dragged }}
      aria-label={t('sheet.label')}
    >
      <div className={styles.grip} {...handlers}>
        <button
          type="button"
          className={styles.handle}
          aria-label={t('sheet.handle')}
          onClick={() => step(height === 'full' ? -2 : 1)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowUp') step(1);
            if (event.key === 'ArrowDown') step(-1);
          }}
        />
        {!selected && (
          <div className={styles.head}>
            <Name />
            <LanguageSwitch />
            <ThemeSwitch />
            <PageMenu />
          </div>
        )}
      </div>
      {selected ? (
        <div className={styles.body}>
          <Inspector selected={selected} />
        </div>
      ) : (
        <>
          <nav className={styles.tabs} aria-label={t('rail.label')}>
            {panels.map(({ panel: name, Icon }) => (
              <button key={name} type="button" aria-current={panel === name} onClick={() => openPanel(name)}>
                <Icon size="1.25rem" stroke={1.75} aria-hidden="true" />
                {t(`rail.${name}`)}
              </button>
            ))}
          </nav>
          <div className={styles.body}>
            <PanelBody panel={panel} />
          </div>
        </>
      )}
    </section>
  );
}

/** Follows the finger on the grip; a tap on a control inside is left alone. */
function useDrag() {
  const [dragged, setDragged] = useState<number | null>(null);
  const start = useRef<{ y: number; height: number } | null>(null);
  const moving = useRef(false);
  // The state may lag behind the events of a quick thumb.
  const reached = useRef(0);
  const handlers = {
    onPointerDown: (event: React.PointerEvent<HTMLElement>) => {
      const sheet = event.currentTarget.parentElement;
      if (sheet) start.current = { y: event.clientY, height: sheet.clientHeight };
      moving.current = false;
      // As a browser does for a finger: a quick mouse is off the grip before its first movement is told.
      if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: React.PointerEvent<HTMLElement>) => {
      if (!start.current) return;
      const moved = start.current.y - event.clientY;
      if (!moving.current && Math.abs(moved) < 8) return;
      moving.current = true;
      reached.current = Math.max(peekPixels, Math.min(innerHeight, start.current.height + moved));
      setDragged(reached.current);
    },
    onPointerUp: () => {
      if (start.current && moving.current) ui.set({ sheet: restingHeight(reached.current, innerHeight) });
      start.current = null;
      setDragged(null);
    },
    onPointerCancel: () => {
      start.current = null;
      setDragged(null);
    },
    /** The click that ends a drag is not meant for what it began on. */
    onClickCapture: (event: React.MouseEvent<HTMLElement>) => {
      if (moving.current) event.stopPropagation();
      moving.current = false;
    },
  };
  return { dragged, handlers };
}
