import { useEffect, useRef } from 'react';
import type { Icon } from '../../server/registry/icon.ts';
import type { PointSymbol as PointSymbolForm } from '../../server/registry/point_signs.ts';
import type { Severity } from '../../server/registry/severity.ts';
import type { Freshness } from '../map/freshness.ts';
import { type Palette, readPalette } from '../map/palette.ts';
import { drawSymbol, type SymbolLook, symbolKey } from '../map/symbol.ts';
import type { Mark } from '../map/symbol_marks.ts';
import styles from './symbol.module.css';
import { useLayout } from './use.ts';
import { useLook } from './use_look.ts';

/** A drawing of the map in a panel, drawn by the map's own code and again when the colours change; `key` tells looks apart. */
export function MapDrawing({
  draw,
  look,
}: {
  readonly draw: (palette: Palette, ratio: number) => HTMLCanvasElement;
  readonly look: string;
}) {
  const host = useRef<HTMLSpanElement>(null);
  const drawn = useLook();
  const scale = useLayout() === 'wall' ? 1.6 : 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` and `drawn` stand for what `draw` closes over and reads
  useEffect(() => {
    if (!host.current) return;
    const ratio = devicePixelRatio * scale;
    const canvas = draw(readPalette(host.current), ratio);
    canvas.style.width = `${(canvas.width / ratio) * scale}px`;
    host.current.replaceChildren(canvas);
  }, [look, drawn, scale]);
  return <span ref={host} className={styles.drawing} aria-hidden="true" />;
}

interface PointSymbolProps {
  readonly icon: Icon;
  readonly severity?: Severity | undefined;
  readonly freshness?: Freshness;
  /** Degrees clockwise from north. */
  readonly heading?: number | undefined;
  readonly form?: PointSymbolForm;
  readonly asked?: boolean;
  readonly mark?: Mark | undefined;
  /** Minutes left of an exception. */
  readonly left?: number | undefined;
  /** Which lamps burn in its signal heads. */
  readonly heads?: SymbolLook['heads'];
  /** Diameter of the disc in CSS pixels at desk size. */
  readonly size?: number;
}

/** A point's symbol exactly as the map draws it. */
export function PointSymbol({
  severity = 'normal',
  freshness = 'fresh',
  size = 20,
  form = 'disc',
  ...more
}: PointSymbolProps) {
  const look = { severity, freshness, size, form, ...more };
  return <MapDrawing look={symbolKey(look)} draw={(palette, ratio) => drawSymbol(look, palette, ratio)} />;
}

/** A dot in the colour of a state, hatched when unknown; the word must stand beside it. */
export function StateDot({ severity }: { readonly severity: Severity }) {
  return <span className={`${styles.dot} ${styles[severity]}`} aria-hidden="true" />;
}
