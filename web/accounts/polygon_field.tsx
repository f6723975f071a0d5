import { Button, FileButton, Portal } from '@mantine/core';
import { IconFileUpload, IconPolygon, IconX } from '@tabler/icons-react';
import type { Geometry, MultiPolygon } from 'geojson';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { polygonOf } from '../../server/registry/grant_area.ts';
import { PenTools } from '../actions/pen_tools.tsx';
import { usePen } from '../actions/use_pen.ts';
import { map } from '../page.ts';
import { ui } from '../panels/ui.ts';
import styles from './accounts.module.css';
import outlineStyles from './polygon.module.css';

interface PolygonFieldProps {
  readonly value: MultiPolygon | null;
  readonly change: (polygon: MultiPolygon | null) => void;
  readonly error: string | undefined;
}

/** What was drawn as a MultiPolygon; null when it is none. */
function multiOf(geometry: Geometry | null): MultiPolygon | null {
  if (geometry?.type === 'MultiPolygon') return geometry;
  return geometry?.type === 'Polygon' ? { type: 'MultiPolygon', coordinates: [geometry.coordinates] } : null;
}

/** The outline in the text of a GeoJSON file; null when it is none that a role can be held in. */
function polygonIn(text: string): MultiPolygon | null {
  try {
    const polygon = polygonOf(JSON.parse(text));
    return typeof polygon === 'string' ? null : polygon;
  } catch {
    return null; // no JSON
  }
}

/** An outline drawn on the map or read from a file: to draw, the dialog steps aside meanwhile and comes back when it is done. */
export function PolygonField({ value, change, error }: PolygonFieldProps) {
  const { t } = useTranslation();
  const [unread, setUnread] = useState(false);
  const pen = usePen((geometry) => {
    setUnread(false);
    change(multiOf(geometry));
  });
  const read = async (file: File | null) => {
    if (!file) return;
    const polygon = polygonIn(await file.text());
    setUnread(polygon === null);
    if (polygon) change(polygon);
  };
  const fault = unread ? t('admin.polygon_not_read') : error;
  useEffect(() => {
    ui.set({ dialogAside: pen.drawing });
    return () => ui.set({ dialogAside: false });
  }, [pen.drawing]);
  const corners = value?.coordinates.flat().reduce((sum, ring) => sum + ring.length - 1, 0) ?? 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be framed
    <div className={outlineStyles.polygon} role="group" aria-label={t('admin.polygon')}>
      <span className={outlineStyles.label}>{t('admin.polygon')}</span>
      <div className={styles.acts}>
        <Button
          disabled={pen.taken}
          leftSection={<IconPolygon size="1rem" aria-hidden="true" />}
          onClick={() => pen.begin('MultiPolygon', value)}
        >
          {t(value ? 'admin.polygon_change' : 'admin.polygon_draw')}
        </Button>
        <FileButton
          accept=".geojson,.json,application/geo+json"
          onChange={(file) => void read(file)}
          inputProps={{ 'aria-label': t('admin.polygon_file') }}
        >
          {(props) => (
            <Button {...props} leftSection={<IconFileUpload size="1rem" aria-hidden="true" />}>
              {t('admin.polygon_file')}
            </Button>
          )}
        </FileButton>
        {value && (
          <Button leftSection={<IconX size="1rem" aria-hidden="true" />} onClick={() => change(null)}>
            {t('admin.polygon_clear')}
          </Button>
        )}
      </div>
      <span className={outlineStyles.hint}>
        {value ? t('admin.polygon_corners', { count: corners }) : t('admin.polygon_hint')}
      </span>
      {fault !== undefined && (
        <span className={outlineStyles.fault} role="alert">
          {fault}
        </span>
      )}
      {pen.drawing && (
        <Portal>
          <section className={outlineStyles.drawing} aria-label={t('admin.polygon')}>
            <PenTools kind="MultiPolygon" />
            <Button leftSection={<IconX size="1rem" aria-hidden="true" />} onClick={() => map.tools().pen.cancel()}>
              {t('page.back')}
            </Button>
          </section>
        </Portal>
      )}
    </div>
  );
}
