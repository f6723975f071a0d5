import type { Geometry } from 'geojson';
import { useEffect, useRef, useState } from 'react';
import type { Beside } from '../map/neighbours.ts';
import type { Pen } from '../map/pen.ts';
import { map } from '../page.ts';
import { ui } from '../panels/ui.ts';
import { useStore } from '../panels/use.ts';

/** The map's one pen in the hand of one field: what it draws is told to the field until it is done. */
export function usePen(onGeometry: (geometry: Geometry | null) => void) {
  const [drawing, setDrawing] = useState(false);
  const active = useStore(map.tools().pen.drawn, (value) => value.active);
  const drawn = useStore(map.tools().pen.drawn, (value) => value.geometry);
  const told = useRef<Geometry | null>(null);
  const holds = useRef(false);
  holds.current = drawing;
  // Leaving the form leaves the pen.
  useEffect(
    () => () => {
      if (holds.current) map.tools().pen.cancel();
    },
    [],
  );
  useEffect(() => {
    if (!drawing || told.current === drawn) return;
    told.current = drawn;
    onGeometry(drawn);
  }, [drawing, drawn, onGeometry]);
  useEffect(() => {
    if (drawing && !active) setDrawing(false);
  }, [drawing, active]);
  return {
    drawing,
    /** Somebody else has it. */
    taken: active && !drawing,
    begin(kind: Parameters<Pen['start']>[0], geometry: Geometry | null, beside?: Beside) {
      told.current = geometry;
      setDrawing(true);
      // On a phone the map has to be seen.
      ui.set(({ sheet }) => ({ sheet: sheet === 'full' ? 'half' : sheet }));
      map.tools().pen.start(kind, geometry, beside);
    },
  };
}
