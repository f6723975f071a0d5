import { Button } from '@mantine/core';
import { IconMaximize, IconPolygon, IconSquareDashed, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PenTools } from '../actions/pen_tools.tsx';
import { usePen } from '../actions/use_pen.ts';
import { areaOf, polygonOf } from '../map/area.ts';
import { map, pageState } from '../page.ts';
import styles from './list.module.css';
import { usePage } from './use.ts';
import { useViewBbox } from './use_view_bbox.ts';

/** Chooses things by where they are: a box or a polygon drawn on the map, or what is in view now, without a pointer. */
export function AreaTools() {
  const { t } = useTranslation();
  const area = usePage('area') ?? null;
  const [west, south, east, north] = useViewBbox();
  const [shape, setShape] = useState<'Box' | 'Polygon'>('Box');
  const pen = usePen((geometry) => pageState.set({ area: areaOf(geometry) }));
  const begin = (kind: 'Box' | 'Polygon') => {
    setShape(kind);
    pen.begin(kind, area && polygonOf(area));
  };
  if (pen.drawing && shape === 'Polygon')
    return (
      <div className={styles.area}>
        <PenTools kind="Polygon" only />
      </div>
    );
  if (pen.drawing)
    return (
      <div className={styles.area}>
        <span role="status">{t('list.area_box_hint')}</span>
        <Button leftSection={<IconX size="1rem" aria-hidden="true" />} onClick={() => map.tools().pen.cancel()}>
          {t('page.back')}
        </Button>
      </div>
    );
  const view = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be framed
    <div className={styles.area} role="group" aria-label={t('list.area')}>
      <Button
        size="xs"
        disabled={pen.taken}
        leftSection={<IconSquareDashed size="0.875rem" aria-hidden="true" />}
        onClick={() => begin('Box')}
      >
        {t('list.area_box')}
      </Button>
      <Button
        size="xs"
        disabled={pen.taken}
        leftSection={<IconPolygon size="0.875rem" aria-hidden="true" />}
        onClick={() => begin('Polygon')}
      >
        {t('list.area_polygon')}
      </Button>
      <Button
        size="xs"
        leftSection={<IconMaximize size="0.875rem" aria-hidden="true" />}
        onClick={() => pageState.set({ area: areaOf({ type: 'Polygon', coordinates: [view] }) })}
      >
        {t('list.area_view')}
      </Button>
      {area && (
        <Button
          size="xs"
          disabled={pen.taken}
          leftSection={<IconX size="0.875rem" aria-hidden="true" />}
          onClick={() => pageState.set({ area: null })}
        >
          {t('list.area_clear')}
        </Button>
      )}
    </div>
  );
}
